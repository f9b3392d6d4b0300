"""What every session does, whatever carries its bytes: frames out, frames in, one deadline, nothing believed."""

import abc
import secrets
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.base import Bounds, Exit, Refused, SandboxFailed, TimedOut, TooMuchOutput
from autograder.worker import wire

__all__ = ["CHUNK", "FrameSession", "WorkerGone"]

CHUNK = 2**18
"""Most bytes that are moved at once."""
_KEPT_OUTPUT = 4096
_REPLY_KEYS = {"value", "raised", "missing", "unsendable", "too_large"}


@dataclass(frozen=True)
class WorkerGone:
    """How a worker ended, as its parent saw it."""

    status: int
    """Exit status; 128 and the signal's number when a signal ended it."""
    over_memory: bool
    by_zygote: bool = False
    """Did the zygote end it, after it had closed its pipe and gone on?"""

    @property
    def sentence(self) -> str:
        """The end as a predicate: `ended its process (signal 11, SIGSEGV)`."""
        if self.by_zygote:
            return "closed its connection to the grader"
        try:
            name = signal.Signals(self.status - 128).name
        except ValueError:
            # Windows ends a process with a number that is only known in this form: 0xc0000005.
            shown = self.status if self.status < 256 else hex(self.status)
            return f"ended its process (exit status {shown})"
        return f"ended its process (signal {self.status - 128}, {name})"


class FrameSession(abc.ABC):
    """The judge's side of one worker. After an `Exit` it is closed.

    A subclass moves the bytes: it appends what the worker answers to `_read`, and what it prints to `_printed`.
    """

    greet_seconds: float = 20.0
    """How long a worker may take until it has greeted."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._greeted = False
        self._closed = False
        self._read = bytearray()
        self._printed = _Printed()

    def call(self, request: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        try:
            if not self._greeted:
                self._greet(time.monotonic() + self.greet_seconds)
            return self._exchange(request, seconds, time.monotonic() + seconds)
        except BaseException:
            self.close()
            raise

    def is_silent(self) -> bool:
        if self._closed or not self._greeted:
            return not self._closed
        try:
            self._refuse_surplus()
        except Exit:
            return False
        return True

    def is_starved(self) -> bool:
        return False

    def take_output(self) -> str:
        if not self._closed:
            self._drain()
        return self._printed.take()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._release()

    @abc.abstractmethod
    def _write(self, frame: bytes, deadline: float) -> None:
        """Send a frame.

        Raises:
            TimeoutError: the deadline passed.
            Exit: the worker ended, or printed more than it may.
        """

    @abc.abstractmethod
    def _fill(self, count: int, deadline: float) -> None:
        """Read until at least `count` bytes of replies are here; raises as `_write` does."""

    @abc.abstractmethod
    def _look(self) -> None:
        """Take in a reply's next byte, if there is one already.

        Raises:
            Exit: the worker ended.
        """

    @abc.abstractmethod
    def _drain(self) -> object:
        """Take in what is printed already."""

    @abc.abstractmethod
    def _ended(self, gone: bool) -> Exit | None:
        """End the worker, and return the exit for what ended it, where that was neither a deadline nor itself."""

    @abc.abstractmethod
    def _release(self) -> None:
        """End the worker and everything it started, and close what is open."""

    def _greet(self, deadline: float) -> None:
        """Read the frame that a worker sends when it is confined and has run nothing yet.

        A worker that ends before it has greeted is the sandbox's fault; one that ends after it, the submission's.
        """
        try:
            greeting = self._read_frame(deadline)
        except (Exit, TimeoutError) as error:
            raise SandboxFailed(
                f"a worker could not be started: {error} {self.take_output().strip()[-300:]}"
            ) from error
        if greeting != {"greeting": 1}:
            raise SandboxFailed("a worker could not be started: it did not greet")
        self._greeted = True

    def _exchange(self, request: Mapping[str, Any], seconds: float, deadline: float) -> Mapping[str, Any]:
        identity = secrets.token_hex(16)
        frame = wire.encode({**request, "id": identity}, 2**40)
        self._refuse_surplus()
        self._printed.in_call = 0
        try:
            self._write(frame, deadline)
            reply = self._read_frame(deadline)
        except TimeoutError:
            raise self._ended(False) or TimedOut(f"did not finish within {seconds:g} s") from None
        self._refuse_surplus()
        if type(reply) is not dict or reply.pop("id", None) != identity:
            raise Refused("sent an answer to something that was not asked")
        if len(reply) != 1 or not reply.keys() <= _REPLY_KEYS:
            raise Refused("sent an answer of an unknown form")
        return reply

    def _read_frame(self, deadline: float) -> Any:
        self._fill(wire.PREFIX_SIZE, deadline)
        try:
            length = wire.frame_length(bytes(self._read[: wire.PREFIX_SIZE]), self._bounds.reply + wire.PREFIX_SIZE)
        except wire.WireError as error:
            raise TooMuchOutput(f"announced {error}") from None
        end = wire.PREFIX_SIZE + length
        self._fill(end, deadline)
        body = bytes(self._read[wire.PREFIX_SIZE : end])
        del self._read[:end]
        try:
            return wire.decode(body)
        except wire.WireError as error:
            raise Refused(f"sent {error}") from None

    def _refuse_surplus(self) -> None:
        if not self._read:
            self._look()
        if self._read:
            raise Refused("sent more than one answer")

    def _refuse_long_output(self) -> None:
        if self._printed.in_call > self._bounds.output:
            raise TooMuchOutput(f"printed more than {self._bounds.output // 2**20} MiB")


class _Printed:
    """The beginning and the end of what a worker printed."""

    def __init__(self) -> None:
        self.in_call = 0
        """Bytes printed since the last call began."""
        self._head = b""
        self._tail = b""
        self._dropped = 0

    def add(self, chunk: bytes) -> None:
        self.in_call += len(chunk)
        room = _KEPT_OUTPUT - len(self._head)
        self._head += chunk[:room]
        tail = self._tail + chunk[room:]
        self._tail = tail[-_KEPT_OUTPUT:]
        self._dropped += len(tail) - len(self._tail)

    def take(self) -> str:
        parts = [self._head.decode(errors="replace"), self._tail.decode(errors="replace")]
        gap = f"\n… {self._dropped} bytes left out …\n" if self._dropped else ""
        self._head, self._tail, self._dropped = b"", b"", 0
        return gap.join(parts)
