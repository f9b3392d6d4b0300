"""Receives submissions in a process of its own: what is handed in may have been made to be slow, or large, to read.

`receive` runs nothing of a submission, but parsers have inputs on which they take hours. Here one costs its time and is
told so, and the class goes on.
"""

import contextlib
import multiprocessing
import os
import resource
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from autograder.container import shown
from autograder.errors import SubmissionError, SubmissionUnreadable
from autograder.submission import Submission, receive

__all__ = ["Intake"]

_SECONDS = 20.0
_GRACE_SECONDS = 10.0
_MEMORY = 2 * 2**30


class _Order(msgspec.Struct):
    path: bytes
    module: str
    student: str | None


class _Refusal(msgspec.Struct):
    message: str
    unreadable: bool


class _Answer(msgspec.Struct):
    received: Submission | None = None
    refused: _Refusal | None = None


class Intake:
    """A process that receives one submission after another; it is made anew when one has ended it."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        """Allow `seconds` for each submission."""
        self._seconds = seconds
        self._start()

    def receive(self, path: Path, module: str, student: str | None = None) -> Submission:
        """Return what was handed in; see `autograder.submission.receive`.

        Raises:
            SubmissionError: it cannot be graded, or takes too long to be read.
        """
        order = _Order(os.fsencode(path), module, student)
        # Once more, where somebody killed the process: it need not have been the submission.
        answer = self._asked(order) or self._asked(order)
        if answer is None:
            raise SubmissionUnreadable(
                f"Reading `{shown(path.name)}` ended the grader's own process for that, twice. Staff must look into it."
            )
        if answer.refused is not None:
            kind = SubmissionUnreadable if answer.refused.unreadable else SubmissionError
            raise kind(answer.refused.message)
        assert answer.received is not None
        return answer.received

    def close(self) -> None:
        """End the process."""
        self._ours.close()
        self._process.kill()
        self._process.join()

    def _start(self) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._ours, theirs = spawning.Pipe()
        self._process = spawning.Process(target=_serve, args=(theirs, self._seconds), name="intake", daemon=True)
        self._process.start()
        theirs.close()

    def _asked(self, order: _Order) -> _Answer | None:
        """Return the answer of the process, or nothing when it ended without one and not by its own alarm."""
        try:
            self._ours.send_bytes(msgspec.msgpack.encode(order))
            if not self._ours.poll(self._seconds + _GRACE_SECONDS):
                self._process.kill()
            return msgspec.msgpack.decode(self._ours.recv_bytes(), type=_Answer)
        except (EOFError, OSError):
            self._process.join(_GRACE_SECONDS)
        code = self._process.exitcode
        self.close()
        self._start()
        if code != -signal.SIGALRM:
            return None
        name = shown(Path(os.fsdecode(order.path)).name)
        message = (
            f"`{name}` takes too long to be read: more than {self._seconds:g} s. Hand in source without data in it."
        )
        return _Answer(refused=_Refusal(message, unreadable=False))


def _serve(orders: Connection, seconds: float) -> None:
    """Receive what is ordered until the other end is closed. The alarm ends this process, also amid a parser."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with contextlib.suppress(EOFError):
        while True:
            order = msgspec.msgpack.decode(orders.recv_bytes(), type=_Order)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            answer = msgspec.msgpack.encode(_answer(order))
            signal.setitimer(signal.ITIMER_REAL, 0)
            orders.send_bytes(answer)


def _answer(order: _Order) -> _Answer:
    try:
        return _Answer(received=receive(Path(os.fsdecode(order.path)), order.module, order.student))
    except SubmissionError as error:
        return _Answer(refused=_Refusal(str(error), isinstance(error, SubmissionUnreadable)))
    except MemoryError:
        message = "The submission takes too much memory to be read. Hand in plain source, without data in it."
        return _Answer(refused=_Refusal(message, unreadable=False))
