"""One session over pipes: frames out, frames in, one deadline, nothing believed."""

import os
import secrets
import select
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.base import (
    Bounds,
    Crashed,
    Exit,
    Killed,
    OutOfMemory,
    Refused,
    SandboxFailed,
    TimedOut,
    TooMuchOutput,
)
from autograder.worker import wire

__all__ = ["PipeSession", "WorkerGone"]

_CHUNK = 2**18
_DRAIN_CHUNKS = 16
_KEPT_OUTPUT = 4096
_GREET_SECONDS = 20.0
_REPLY_KEYS = {"value", "raised", "missing", "unsendable", "too_large"}


@dataclass(frozen=True)
class WorkerGone:
    """How a worker ended, as the zygote saw it."""

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
            return f"ended its process (exit status {self.status})"
        return f"ended its process (signal {self.status - 128}, {name})"


class PipeSession:
    """The judge's side of one worker. After an `Exit` it is closed."""

    def __init__(self, descriptors: Sequence[int], bounds: Bounds, end: Callable[[bool], WorkerGone]) -> None:
        """`descriptors` are our non-blocking ends for requests, replies and output; `end` kills the worker; it is
        told whether the worker has closed its pipe already.
        """
        self._request, self._reply, self._output = descriptors
        self._bounds = bounds
        self._end = end
        self._greeted = False
        self._closed = False
        self._read = bytearray()
        self._printed = _Printed()

    def call(self, request: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        try:
            if not self._greeted:
                self._greet(time.monotonic() + _GREET_SECONDS)
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

    def take_output(self) -> str:
        if not self._closed:
            self._drain()
        return self._printed.take()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            self._end(False)
        except SandboxFailed:
            pass  # The zygote is gone, and its workers with it; opening the next session says so.
        finally:
            self._drain()
            for descriptor in (self._request, self._reply, self._output):
                os.close(descriptor)

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

    def _write(self, frame: bytes, deadline: float) -> None:
        view = memoryview(frame)
        while view:
            self._wait(deadline, writing=True)
            try:
                view = view[os.write(self._request, view[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise self._gone() from None

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

    def _fill(self, count: int, deadline: float) -> None:
        """Read until at least `count` bytes of replies are here."""
        while len(self._read) < count:
            self._wait(deadline)
            try:
                chunk = os.read(self._reply, _CHUNK)
            except BlockingIOError:
                continue
            if not chunk:
                raise self._gone()
            self._read += chunk

    def _wait(self, deadline: float, *, writing: bool = False) -> None:
        """Return when the reply pipe (or the request pipe) is ready; drain what is printed meanwhile."""
        poll = select.poll()
        poll.register(self._output, select.POLLIN)
        if writing:
            poll.register(self._request, select.POLLOUT)
        else:
            poll.register(self._reply, select.POLLIN)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            ready = {descriptor for descriptor, _ in poll.poll(left * 1000)}
            if self._output in ready and not self._drain():
                poll.unregister(self._output)
            if self._printed.in_call > self._bounds.output:
                raise TooMuchOutput(f"printed more than {self._bounds.output // 2**20} MiB")
            if ready - {self._output}:
                return

    def _drain(self) -> bool:
        """Take what is in the pipe; False once nothing can follow."""
        # Bounded, because a worker can print as fast as this reads.
        for _ in range(_DRAIN_CHUNKS):
            try:
                chunk = os.read(self._output, _CHUNK)
            except BlockingIOError:
                return True
            if not chunk:
                return False
            self._printed.add(chunk)
        return True

    def _refuse_surplus(self) -> None:
        if not self._read:
            try:
                self._read += os.read(self._reply, 1)
            except BlockingIOError:
                return
        if self._read:
            raise Refused("sent more than one answer")
        raise self._gone()

    def _gone(self) -> Exit:
        """End the worker, whose pipe is closed, and return what its end stands for."""
        self._drain()
        over_memory = self._ended(True)
        how = self._end(True)
        kind = Killed if how.status == 128 + signal.SIGKILL and not how.by_zygote else Crashed
        return over_memory or kind(how.sentence)

    def _ended(self, gone: bool) -> Exit | None:
        """End the worker, and return the exit for memory when the kernel or the watchdog had to take some back."""
        how = self._end(gone)
        self._end = lambda _: how
        return OutOfMemory("used more memory than it may") if how.over_memory else None


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
