"""The judge's side of a zygote and of the workers that it forks.

`ZygoteSandbox` starts the warm process from a `Recipe`, which says how to launch and confine it; `bubblewrap.py` and
`bare.py` write recipes. Each session has pipes of its own, made here and handed to the zygote, so nothing that one
worker leaves behind can reach the next.
"""

import array
import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from autograder.sandbox import cgroup
from autograder.sandbox.base import Bounds, SandboxFailed
from autograder.sandbox.pipe import PipeSession, WorkerGone

__all__ = ["GROUP_PREFIX", "Recipe", "ZygoteSandbox"]

GROUP_PREFIX = "autograder-"
"""How the names of our control groups begin."""

_REQUEST_CAP = 512 * 2**20
_START_SECONDS = 120.0
_ORDER_SECONDS = 10.0
_INITS = 2


@dataclass(frozen=True)
class Recipe:
    """How to launch a zygote and how its workers are confined. Plain data, so that a slot in another process can use
    it.
    """

    tier: str
    command: tuple[str, ...]
    """The command line; the number of the control socket's descriptor is added to its end."""
    environment: Mapping[str, str]
    orders: Mapping[str, Any]
    """What the zygote is told first; see `autograder.worker.zygote.main`."""
    namespaces: bool
    proc: bool
    """May a worker mount its own /proc?"""


class ZygoteSandbox:
    """A slot's sandbox: one zygote, and a worker for each session."""

    def __init__(self, recipe: Recipe, *, address_space: bool = True) -> None:
        """Launch the zygote without waiting for it; it imports its framework meanwhile.

        `address_space` holds each worker's memory by its address space too, which gives a clean MemoryError.
        """
        self.tier = recipe.tier
        self._recipe = recipe
        self._address_space = address_space
        self._ready = False
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the zygote)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Practice is confined by nothing, so by no group either.
        self._group = cgroup.make(f"{GROUP_PREFIX}{os.getpid()}-{id(self):x}") if recipe.namespaces else None
        with theirs:
            self._process = subprocess.Popen(
                [*self._enter_group(), *recipe.command, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                pass_fds=[theirs.fileno()],
                env=dict(recipe.environment),
                start_new_session=True,
            )
        with contextlib.suppress(OSError):  # If it is already dead, `open` says so, with its reason.
            self._control.send(json.dumps(recipe.orders).encode())

    def wait_until_ready(self) -> None:
        """Wait until the framework is imported.

        Raises:
            SandboxFailed: the zygote could not start; the message has the end of what it printed.
        """
        if not self._ready:
            self._receive(_START_SECONDS)
            self._ready = True

    def open(self, bounds: Bounds) -> PipeSession:
        self.wait_until_ready()
        ours, theirs = _pipes()
        if self._group is not None:
            self._group.limit(bounds.memory, bounds.processes + _INITS)
        # Without namespaces a worker has no file system of its own: give it a folder.
        folder = (
            None if self._recipe.namespaces else os.path.join(tempfile.mkdtemp(prefix="autograder-practice-"), "work")
        )
        try:
            order = {
                "op": "fork",
                "limits": {**self._limits(bounds), "folder": folder},
                "request_cap": _REQUEST_CAP,
                "reply_cap": bounds.reply,
            }
            number = self._order(order, theirs)["forked"]
        except BaseException:
            for descriptor in ours:
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        if not number:
            for descriptor in ours:
                os.close(descriptor)
            raise SandboxFailed(f"could not start a worker: {self._printed()}")
        kills = self._kills()
        return PipeSession(ours, bounds, lambda gone: self._end(number, folder, kills, gone))

    def close(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()
        if self._group is not None:
            self._group.remove()

    def _limits(self, bounds: Bounds) -> dict[str, Any]:
        return {
            "namespaces": self._recipe.namespaces,
            "proc": self._recipe.proc,
            "scratch": bounds.scratch,
            "file": bounds.scratch,
            "memory": bounds.memory,
            "processes": bounds.processes,
            "address_space": self._address_space,
        }

    def _enter_group(self) -> list[str]:
        """Return the beginning of a command line that joins the group before it becomes the rest."""
        if self._group is None:
            return []
        joining = " && ".join(f'echo 0 > "{folder}/cgroup.procs"' for folder in self._group.folders)
        return ["/bin/sh", "-c", f'{joining} && exec "$@"', "sh"]

    def _end(self, number: int, folder: str | None, kills: int, gone: bool) -> WorkerGone:
        answer = self._order({"op": "end", "worker": number, "gone": gone})
        over_memory = answer["memory"] or self._kills() > kills
        if folder is not None:
            shutil.rmtree(os.path.dirname(folder), ignore_errors=True)
        return WorkerGone(status=answer["status"], over_memory=over_memory)

    def _kills(self) -> int:
        return 0 if self._group is None else self._group.kills()

    def _order(self, order: Mapping[str, Any], descriptors: Sequence[int] = ()) -> dict[str, Any]:
        rights = (
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors).tobytes())] if descriptors else []
        )
        try:
            self._control.sendmsg([json.dumps(order).encode()], rights)
        except OSError as error:
            raise SandboxFailed(f"the zygote is gone: {self._printed()}") from error
        return self._receive(_ORDER_SECONDS)

    def _receive(self, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while not select.select([self._control], [], [], max(0.0, min(0.2, deadline - time.monotonic())))[0]:
            if self._process.poll() is not None:
                break
            if time.monotonic() > deadline:
                self._process.kill()
                raise SandboxFailed(f"the zygote did not answer within {seconds:g} s: {self._printed()}")
        try:
            packet = self._control.recv(2**16)
        except OSError:
            packet = b""
        if not packet:
            raise SandboxFailed(f"the zygote ended: {self._printed()}")
        answer: dict[str, Any] = json.loads(packet)
        return answer

    def _printed(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it printed nothing"


def _pipes() -> tuple[list[int], list[int]]:
    """Make the three pipes of a session; return our ends and the worker's: requests, replies, output."""
    request_read, request_write = os.pipe()
    reply_read, reply_write = os.pipe()
    output_read, output_write = os.pipe()
    ours = [request_write, reply_read, output_read]
    for descriptor in ours:
        os.set_blocking(descriptor, False)
    return ours, [request_read, reply_write, output_write]
