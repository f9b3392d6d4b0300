"""The judge's side of a zygote and of the workers that it forks.

`ZygoteSandbox` starts the warm process from a `Recipe`, which says how to launch and confine it; `bubblewrap.py` and
`bare.py` write recipes. Each session has pipes of its own, made here and handed to the zygote, so nothing that one
worker leaves behind can reach the next.
"""

import array
import contextlib
import itertools
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from autograder.sandbox import cgroup
from autograder.sandbox.base import Bounds, SandboxFailed
from autograder.sandbox.pipe import PipeSession
from autograder.sandbox.session import WorkerGone

__all__ = ["GROUP_PREFIX", "Recipe", "ZygoteSandbox"]

GROUP_PREFIX = "autograder-"
"""How the names of our control groups begin."""

_REQUEST_CAP = 512 * 2**20
_START_SECONDS = 120.0
_ORDER_SECONDS = 10.0
# Dynamic users of systemd: no account has these numbers.
_FIRST_UID, _UIDS = 61184, 4336
_SPARE_PROCESSES = 4
"""What the next worker's making takes beside this one: a process that makes namespaces, an init, a worker, a helper."""
_SPARE_BYTES = 64 * 2**20


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
    own_user: bool = False
    """Is the zygote started as root, to become a user of its own?"""

    def start(self) -> "ZygoteSandbox":
        """Launch the zygote without waiting for it; it imports its framework meanwhile."""
        return ZygoteSandbox(self)


@dataclass(frozen=True)
class _Worker:
    """A worker that the zygote was told to fork."""

    number: int
    descriptors: tuple[int, ...]
    """Our ends of its pipes: requests, replies, output."""
    bounds: Bounds
    modules: frozenset[str]
    """What was imported on demand before it was forked."""
    folder: str | None
    """Its scratch folder, where it has no file system of its own."""

    def is_alive(self) -> bool:
        """Has it not ended while it waited? Somebody may have killed it, or the kernel for want of memory."""
        poll = select.poll()
        poll.register(self.descriptors[1], 0)
        return not poll.poll(0)


class ZygoteSandbox:
    """A slot's sandbox: one zygote, a worker for each session, and one that waits for the next."""

    def __init__(self, recipe: Recipe, *, address_space: bool = True) -> None:
        """Launch the zygote without waiting for it; it imports its framework meanwhile.

        `address_space` holds each worker's memory by its address space too, which gives a clean MemoryError.
        """
        self.tier = recipe.tier
        self._recipe = recipe
        self._address_space = address_space
        # Practice is confined by nothing, so by no group either.
        self._group = cgroup.make(f"{GROUP_PREFIX}{os.getpid()}-{id(self):x}") if recipe.namespaces else None
        self._zygote = _Zygote(recipe, self._group)
        self._numbers = itertools.count(1)
        self._spare: _Worker | None = None
        self._modules: frozenset[str] = frozenset()

    def wait_until_ready(self) -> None:
        """Wait until the framework is imported.

        Raises:
            SandboxFailed: the zygote could not start; the message has the end of what it printed.
        """
        self._zygote.wait_until_ready()

    def open(self, bounds: Bounds, modules: Sequence[str] = ()) -> PipeSession:
        self.wait_until_ready()
        self._modules |= set(modules)
        worker, self._spare = self._spare, None
        fits = worker is not None and worker.bounds == bounds and worker.modules >= set(modules) and worker.is_alive()
        if worker is not None and not fits:
            self._discard(worker)
            worker = None
        if worker is None:
            worker = self._fork(bounds)
        kills = 0
        if self._group is not None:
            self._group.limit(bounds.memory + _SPARE_BYTES, bounds.processes + _SPARE_PROCESSES)
            kills = self._group.kills()
        # The next one is forked and confined while this one is at work.
        try:
            self._spare = self._fork(bounds)
        except SandboxFailed:
            self._discard(worker)
            raise
        return PipeSession(worker.descriptors, bounds, lambda gone: self._end(worker, kills, gone))

    def close(self) -> None:
        if self._spare is not None:
            self._discard(self._spare)
            self._spare = None
        self._zygote.close()
        if self._group is not None:
            self._group.remove()

    def _fork(self, bounds: Bounds) -> _Worker:
        """Tell the zygote to fork a worker. Whether it did is seen when the worker greets."""
        ours, theirs = _pipes()
        folder = None
        if not self._recipe.namespaces:
            folder = os.path.join(tempfile.mkdtemp(prefix="autograder-practice-"), "work")
        worker = _Worker(next(self._numbers), ours, bounds, self._modules, folder)
        limits = {
            "namespaces": self._recipe.namespaces,
            "proc": self._recipe.proc,
            "scratch": bounds.scratch,
            "file": bounds.scratch,
            "memory": bounds.memory,
            "processes": bounds.processes,
            "address_space": self._address_space,
            "folder": folder,
        }
        order = {"op": "fork", "worker": worker.number, "limits": limits, "modules": sorted(self._modules)}
        try:
            self._zygote.tell({**order, "request_cap": _REQUEST_CAP, "reply_cap": bounds.reply}, theirs)
        except BaseException:
            self._discard(worker)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        return worker

    def _end(self, worker: _Worker, kills: int, gone: bool) -> WorkerGone:
        """Have a worker killed. Only one that is gone already is waited for, to learn how it ended."""
        order = {"op": "end", "worker": worker.number, "gone": gone}
        if not gone and worker.folder is None:
            self._zygote.tell_without_listening(order)
            return WorkerGone(status=128 + signal.SIGKILL, over_memory=self._kernel_killed(kills))
        answer = self._zygote.ask(order)
        if worker.folder is not None:
            shutil.rmtree(os.path.dirname(worker.folder), ignore_errors=True)
        over_memory = answer["memory"] or self._kernel_killed(kills)
        return WorkerGone(answer["status"], over_memory, by_zygote=answer["killed"])

    def _kernel_killed(self, kills: int) -> bool:
        """Has the kernel killed a process for memory since there were `kills`? It may be a child of the worker."""
        return self._group is not None and self._group.kills() > kills

    def _discard(self, worker: _Worker) -> None:
        """Forget a worker that ran nothing; it ends by itself when its pipe closes, if the zygote has not ended it."""
        for descriptor in worker.descriptors:
            os.close(descriptor)
        if worker.folder is not None:
            shutil.rmtree(os.path.dirname(worker.folder), ignore_errors=True)
        with contextlib.suppress(SandboxFailed):
            self._zygote.tell_without_listening({"op": "end", "worker": worker.number, "gone": False})


class _Zygote:
    """The zygote's process and the socket over which it takes orders."""

    def __init__(self, recipe: Recipe, group: cgroup.Group | None) -> None:
        self._ready = False
        self._unheard = 0
        self._claim: socket.socket | None = None
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the zygote)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [*_joining(group), *recipe.command, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                pass_fds=[theirs.fileno()],
                env=dict(recipe.environment),
                start_new_session=True,
            )
        with contextlib.suppress(SandboxFailed):  # If it is already dead, waiting for it says so, with its reason.
            self._claim, uid = _own_user() if recipe.own_user else (None, None)
            self.tell({**recipe.orders, "uid": uid})

    def wait_until_ready(self) -> None:
        if not self._ready:
            self._receive(_START_SECONDS)
            self._ready = True

    def tell(self, order: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
        """Give an order that has no answer."""
        if self._errors.closed:
            raise SandboxFailed("the sandbox is closed")
        # Answers that nobody waited for must not fill the socket.
        while self._unheard and select.select([self._control], [], [], 0)[0]:
            self._receive(_ORDER_SECONDS)
            self._unheard -= 1
        handed = array.array("i", descriptors).tobytes()
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handed)] if descriptors else []
        try:
            self._control.sendmsg([json.dumps(order).encode()], rights)
        except OSError as error:
            raise SandboxFailed(f"the zygote is gone: {self._printed()}") from error

    def tell_without_listening(self, order: Mapping[str, Any]) -> None:
        """Give an order whose answer is not waited for."""
        self.tell(order)
        self._unheard += 1

    def ask(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Give an order and return its answer."""
        self.tell(order)
        for _ in range(self._unheard):
            self._receive(_ORDER_SECONDS)
            self._unheard -= 1
        return self._receive(_ORDER_SECONDS)

    def close(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()
        if self._claim is not None:
            self._claim.close()

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


def _own_user() -> tuple[socket.socket, int]:
    """Return a user that no other zygote of this machine has, and the claim to it, which ends with this process.

    So no limit that the kernel counts by user, and no process, is shared between slots or graders.
    """
    for step in range(_UIDS):
        uid = _FIRST_UID + (os.getpid() + step) % _UIDS
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            claim.bind(f"\0autograder-user-{uid}")
        except OSError:
            claim.close()
            continue
        return claim, uid
    raise SandboxFailed(f"all {_UIDS} users for zygotes are taken")


def _joining(group: cgroup.Group | None) -> list[str]:
    """Return the beginning of a command line that joins the group before it becomes the rest."""
    if group is None:
        return []
    steps = " && ".join(f'echo 0 > "{folder}/cgroup.procs"' for folder in group.folders)
    return ["/bin/sh", "-c", f'{steps} && exec "$@"', "sh"]


def _pipes() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Make the three pipes of a session; return our ends and the worker's: requests, replies, output."""
    request_read, request_write = os.pipe()
    reply_read, reply_write = os.pipe()
    output_read, output_write = os.pipe()
    ours = (request_write, reply_read, output_read)
    for descriptor in ours:
        os.set_blocking(descriptor, False)
    return ours, (request_read, reply_write, output_write)
