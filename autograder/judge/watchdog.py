"""Ends a hidden test that never ends by itself, so that its author's mistake does not hold up a class.

Time in which the judge waits for a worker does not count: that has deadlines of its own. A test that does not come back
from a call into C cannot be ended here.
"""

import ctypes
import threading
import time

from autograder.judge.student import Connection

__all__ = ["Overdue", "Watchdog"]

_SECONDS = 60.0
_LOOK_SECONDS = 0.5


class Overdue(BaseException):
    """Raised in a hidden test that takes too long. Not an Exception, which a test may catch."""

    def __init__(self) -> None:
        super().__init__("the hidden test did not come to an end")


class Watchdog:
    """Watches the tests that one thread runs, one after another."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        """Allow `seconds` to each test, beside what it waits for workers."""
        self._seconds = seconds
        self._lock = threading.Lock()
        self._test: tuple[int, Connection, float, float] | None = None
        """Thread, connection, when the test began, and how long had been waited for workers by then."""
        self._watcher: threading.Thread | None = None

    def begin(self, connection: Connection) -> None:
        """A test begins in this thread."""
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="watch hidden tests", daemon=True)
            self._watcher.start()
        with self._lock:
            self._test = (threading.get_ident(), connection, time.monotonic(), connection.waited())

    def end(self) -> None:
        """The test has ended: nothing is raised in its thread from now on."""
        with self._lock:
            self._test = None

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            with self._lock:
                if self._test is None:
                    continue
                thread, connection, began, waited = self._test
                if time.monotonic() - began - (connection.waited() - waited) > self._seconds:
                    self._test = None
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Overdue))
