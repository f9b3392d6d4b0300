"""One session over three pipes, on a system that can poll them."""

import os
import select
import signal
import time
from collections.abc import Callable, Sequence

from autograder.sandbox.base import Bounds, Crashed, Exit, Killed, OutOfMemory, SandboxFailed
from autograder.sandbox.session import CHUNK, FrameSession, WorkerGone

__all__ = ["PipeSession"]

_DRAIN_CHUNKS = 16


class PipeSession(FrameSession):
    """The judge's side of a worker that the zygote has forked."""

    def __init__(
        self,
        descriptors: Sequence[int],
        bounds: Bounds,
        end: Callable[[bool], WorkerGone],
        starved: Callable[[], bool] = lambda: False,
    ) -> None:
        """`descriptors` are our non-blocking ends for requests, replies and output; `end` kills the worker; it is
        told whether the worker has closed its pipe already. `starved` answers `is_starved`.
        """
        super().__init__(bounds)
        self._starved = starved
        self._request, self._reply, self._output = descriptors
        self._end = end

    def is_starved(self) -> bool:
        return self._starved()

    def _release(self) -> None:
        try:
            self._end(False)
        except SandboxFailed:
            pass  # The zygote is gone, and its workers with it; opening the next session says so.
        finally:
            self._drain()
            for descriptor in (self._request, self._reply, self._output):
                os.close(descriptor)

    def _write(self, frame: bytes, deadline: float) -> None:
        view = memoryview(frame)
        while view:
            self._wait(deadline, writing=True)
            try:
                view = view[os.write(self._request, view[:CHUNK]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise self._gone() from None

    def _fill(self, count: int, deadline: float) -> None:
        while len(self._read) < count:
            self._wait(deadline)
            try:
                chunk = os.read(self._reply, CHUNK)
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
            self._refuse_long_output()
            if ready - {self._output}:
                return

    def _drain(self) -> bool:
        """Take what is in the pipe; False once nothing can follow."""
        # Bounded, because a worker can print as fast as this reads.
        for _ in range(_DRAIN_CHUNKS):
            try:
                chunk = os.read(self._output, CHUNK)
            except BlockingIOError:
                return True
            if not chunk:
                return False
            self._printed.add(chunk)
        return True

    def _look(self) -> None:
        try:
            byte = os.read(self._reply, 1)
        except BlockingIOError:
            return
        if not byte:
            raise self._gone()
        self._read += byte

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
