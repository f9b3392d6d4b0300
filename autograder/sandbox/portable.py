"""A sandbox in name only, for the person whose code it is: a fresh Python for each session, on any system.

Nothing confines the code, and no limit holds but those on time and on what is printed or returned. The worker inside is
that of the real grading, so it finds the same mistakes and says the same sentences. It needs no fork, no poll and
nothing else that only some systems have.
"""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from autograder.errors import SandboxUnavailable
from autograder.sandbox import runtime as runtimes
from autograder.sandbox.base import Bounds, Crashed, Exit, SandboxFailed
from autograder.sandbox.boot import WORKER_FOLDER, boot
from autograder.sandbox.session import CHUNK, FrameSession, WorkerGone

__all__ = ["PortableRecipe", "PortableSandbox"]

_START = "from _autograder_worker import standalone; standalone.main(sys.argv[2])"
_REQUEST_CAP = 512 * 2**20
_LEAVE_SECONDS = 2.0
_QUEUED = 16
"""Chunks that wait to be taken in: a worker that answers without end waits, and fills no memory."""
_LOOK_SECONDS = 0.05
"""How often what is printed is looked at during a call."""
_PYTHON_PLACES = ("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE")


@dataclass(frozen=True)
class PortableRecipe:
    """How to start a portable sandbox, and what its first worker is for: it is started at once."""

    runtime: str
    bounds: Bounds
    modules: tuple[str, ...] = ()
    tier: ClassVar[str] = "practice"
    versions: ClassVar[Mapping[str, str]] = {}

    def start(self) -> "PortableSandbox":
        """Start the sandbox."""
        return PortableSandbox(self)


class PortableSandbox:
    """Starts a process for each session; the first one beforehand, so that it imports its framework meanwhile."""

    tier = PortableRecipe.tier

    def __init__(self, recipe: PortableRecipe) -> None:
        self._runtime = runtimes.find(recipe.runtime)
        self._sessions: list[StreamSession] = []
        self._closed = False
        self._first: StreamSession | None = None
        with contextlib.suppress(SandboxFailed):  # Opening a session says why it cannot be started.
            self._first = self._start(recipe.bounds, recipe.modules)
        self._first_fits = (recipe.bounds, recipe.modules)

    def open(self, bounds: Bounds, modules: Sequence[str] = ()) -> "StreamSession":
        if self._closed:
            raise SandboxFailed("the sandbox is closed")
        first, self._first = self._first, None
        if first is not None:
            if self._first_fits == (bounds, tuple(modules)):
                return first
            first.close()
        session = self._start(bounds, modules)
        if self._closed:  # by another thread, just now
            session.close()
            raise SandboxFailed("the sandbox is closed")
        return session

    def close(self) -> None:
        self._closed = True
        if self._first is not None:
            self._first.close()
            self._first = None
        # Another thread may be in a call: it finds the process gone, and closes the session itself.
        for session in self._sessions:
            session.kill()

    def _start(self, bounds: Bounds, modules: Sequence[str]) -> "StreamSession":
        folder = tempfile.mkdtemp(prefix="autograder-check-")
        orders = {
            "framework": self._runtime.framework,
            "request_cap": _REQUEST_CAP,
            "reply_cap": bounds.reply,
            "modules": modules,
            "hidden": _hidden(self._runtime),
        }
        options = ["-P", "-B", "-X", "utf8", "-c", boot(_START)]
        command = [sys.executable, *options, str(WORKER_FOLDER), json.dumps(orders)]
        try:
            session = StreamSession(command, folder, bounds, runtimes.settings(self._runtime))
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise SandboxFailed(f"a worker could not be started: {error}") from error
        self._sessions.append(session)
        return session


class StreamSession(FrameSession):
    """The judge's side of one process.

    Its pipes are read and written by threads, which any system can wait for. What it prints goes to a file: of a file
    it is known at once what was written before an answer came.
    """

    greet_seconds = 120.0

    def __init__(self, command: Sequence[str], folder: str, bounds: Bounds, settings: Mapping[str, str]) -> None:
        """Start the process in an empty folder below `folder`, which is removed in the end.

        `settings` are environment variables that it has beside those of this process.
        """
        super().__init__(bounds)
        self._folder = folder
        work, output = os.path.join(folder, "work"), os.path.join(folder, "output")
        os.mkdir(work)
        with open(output, "ab") as printed:
            self._process = subprocess.Popen(
                command,
                cwd=work,
                env=_environment(folder, settings),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=printed,
                bufsize=0,
                # A Ctrl-C in the terminal is for the command alone, which then ends its workers.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        self._output = open(output, "rb", buffering=0)  # noqa: SIM115 (open as long as the session)
        self._events: queue.Queue[tuple[Callable[[bytes], None], bytes]] = queue.Queue(_QUEUED)
        self._replies_ended = False
        self._sent = True
        threading.Thread(target=self._read_replies, daemon=True).start()

    def _read_replies(self) -> None:
        """Pass on what the worker answers, until its pipe ends: then an empty chunk."""
        assert self._process.stdout is not None
        chunk = b"begin"
        with self._process.stdout:
            while chunk:
                try:
                    chunk = self._process.stdout.read(CHUNK) or b""
                except OSError:
                    chunk = b""
                self._events.put((self._take_reply, chunk))

    def _take_reply(self, chunk: bytes) -> None:
        self._read += chunk
        self._replies_ended = not chunk

    def _take_sent(self, _: bytes) -> None:
        self._sent = True

    def _write(self, frame: bytes, deadline: float) -> None:
        self._sent = False
        threading.Thread(target=self._write_all, args=(frame,), daemon=True).start()
        while not self._sent:
            self._take_in(deadline)

    def _write_all(self, frame: bytes) -> None:
        assert self._process.stdin is not None
        view = memoryview(frame)
        try:
            while view:
                view = view[self._process.stdin.write(view[:CHUNK]) :]
        except OSError:
            pass  # The worker is gone, as the end of its replies says.
        self._events.put((self._take_sent, b""))

    def _fill(self, count: int, deadline: float) -> None:
        while len(self._read) < count:
            if self._replies_ended:
                raise self._gone()
            self._take_in(deadline)

    def _take_in(self, deadline: float) -> None:
        """Take in what comes next from the pipes, or what has been printed after a moment."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        with contextlib.suppress(queue.Empty):
            take, chunk = self._events.get(timeout=min(left, _LOOK_SECONDS))
            take(chunk)
        self._drain()
        self._refuse_long_output()

    def _drain(self) -> None:
        # As much as there is now: a worker can print as fast as this takes in.
        left = os.fstat(self._output.fileno()).st_size - self._output.tell()
        while left > 0 and (chunk := self._output.read(min(left, CHUNK))):
            self._printed.add(chunk)
            left -= len(chunk)

    def _take_waiting(self) -> None:
        """Take in what has come from the pipes already."""
        for _ in range(self._events.qsize()):
            take, chunk = self._events.get_nowait()
            take(chunk)

    def _look(self) -> None:
        self._take_waiting()
        if not self._read and self._replies_ended:
            raise self._gone()

    def _gone(self) -> Exit:
        """Return what the end of a worker stands for, whose pipe is closed."""
        try:
            code = self._process.wait(_LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return Crashed(WorkerGone(0, over_memory=False, by_zygote=True).sentence)
        self._drain()
        return Crashed(WorkerGone(128 - code if code < 0 else code, over_memory=False).sentence)

    def _ended(self, gone: bool) -> Exit | None:
        self.kill()
        return None

    def _release(self) -> None:
        self.kill()
        self._process.wait()
        # What a thread still holds back must not keep it waiting for ever.
        self._take_waiting()
        self._drain()
        self._output.close()
        assert self._process.stdin is not None
        self._process.stdin.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def kill(self) -> None:
        """Kill the process, and what it has started where the system knows of that; from any thread."""
        if self._process.poll() is None and hasattr(os, "killpg"):
            # macOS forbids it where the process has just ended.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()


def _hidden(runtime: runtimes.Runtime) -> list[str]:
    """Return the packages that are installed here and in no real worker, so that they are missed here first.

    Nothing, where packages were installed by something that keeps no record of what belongs to which.
    """
    with contextlib.suppress(SandboxUnavailable, OSError):
        importable = runtime.importable()
        if importable >= set(runtime.preload):
            places = {sysconfig.get_path(name) for name in ("purelib", "platlib")}
            installed = {entry.partition(".")[0] for place in places for entry in os.listdir(place)}
            return sorted(installed - importable)
    return []


def _environment(folder: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment, with what a worker's differs in, and without what steers a Python."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("PYTHON") or name.upper() in _PYTHON_PLACES
    }
    return {**kept, **settings, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)}
