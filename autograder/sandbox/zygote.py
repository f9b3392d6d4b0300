"""The judge's side of a zygote and of the workers that it forks.

`ZygoteSandbox` starts the warm process from a `Recipe`, which says how to launch and confine it; `bubblewrap.py` and
`bare.py` write recipes. Each session has pipes of its own, made here and handed to the zygote, so nothing that one
worker leaves behind can reach the next.
"""

import contextlib
import dataclasses
import functools
import itertools
import os
import select
import shutil
import signal
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.sandbox import cgroup
from autograder.sandbox.base import Bounds, SandboxFailed
from autograder.sandbox.gpu import Seat
from autograder.sandbox.gpu_watch import GpuWatch
from autograder.sandbox.pipe import PipeSession
from autograder.sandbox.process import ZygoteProcess
from autograder.sandbox.session import WorkerGone

__all__ = ["GROUP_PREFIX", "Recipe", "ZygoteSandbox"]

GROUP_PREFIX = "autograder-"
"""How the names of our control groups begin."""

_REQUEST_CAP = 512 * 2**20
_GPU_GREET_SECONDS = 60.0
"""How long a worker may take until it has greeted, where it makes a CUDA context first."""
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
    seat: Seat | None = None
    """Where its workers have a GPU."""
    versions: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What its workers compute with, where that is not what the grader has."""

    def on(self, seat: Seat) -> "Recipe":
        """Return the recipe with a place on a GPU, which its workers initialise before they greet."""
        at = self.command.index("--remount-ro")
        files = [word for path in seat.files() for word in ("--dev-bind", path, path)]
        command = (*self.command[:at], *files, *self.command[at:])
        orders = {**self.orders, "environment": seat.environment()}
        return dataclasses.replace(self, command=command, orders=orders, seat=seat)

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
        self._zygote = ZygoteProcess(recipe, self._group)
        self._watch = GpuWatch(recipe.seat, self._zygote.process) if recipe.seat else None
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
        # Of what the kernel counts by user, the worker before may have taken all: nobody begins before it is gone.
        self._zygote.hear()
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
        end = functools.partial(self._end, worker, kills)
        if self._watch is None:
            return PipeSession(worker.descriptors, bounds, end)
        session = PipeSession(worker.descriptors, bounds, end, self._watch.is_starved)
        session.greet_seconds = _GPU_GREET_SECONDS
        return session

    def close(self) -> None:
        if self._spare is not None:
            self._discard(self._spare)
            self._spare = None
        if self._watch is not None:
            self._watch.close()
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
            # CUDA reserves far more addresses than it holds memory.
            "address_space": self._address_space and self._recipe.seat is None,
            "folder": folder,
        }
        gpu_share = self._recipe.seat.share if self._recipe.seat else None
        order = {"op": "fork", "worker": worker.number, "limits": limits, "modules": sorted(self._modules)}
        order["gpu_share"] = gpu_share
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
            return WorkerGone(status=128 + signal.SIGKILL, over_memory=self._killed_for_memory(kills))
        answer = self._zygote.ask(order)
        if worker.folder is not None:
            shutil.rmtree(os.path.dirname(worker.folder), ignore_errors=True)
        over_memory = answer["memory"] or self._killed_for_memory(kills)
        return WorkerGone(answer["status"], over_memory, by_zygote=answer["killed"])

    def _killed_for_memory(self, kills: int) -> bool:
        """Has the kernel killed a process for memory since there were `kills`, or we for a GPU's? It may be a child of
        the worker.
        """
        by_us = self._watch is not None and self._watch.take_kills() > 0
        return by_us or (self._group is not None and self._group.kills() > kills)

    def _discard(self, worker: _Worker) -> None:
        """Forget a worker that ran nothing; it ends by itself when its pipe closes, if the zygote has not ended it."""
        for descriptor in worker.descriptors:
            os.close(descriptor)
        if worker.folder is not None:
            shutil.rmtree(os.path.dirname(worker.folder), ignore_errors=True)
        with contextlib.suppress(SandboxFailed):
            self._zygote.tell_without_listening({"op": "end", "worker": worker.number, "gone": False})


def _pipes() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Make the three pipes of a session; return our ends and the worker's: requests, replies, output."""
    request_read, request_write = os.pipe()
    reply_read, reply_write = os.pipe()
    output_read, output_write = os.pipe()
    ours = (request_write, reply_read, output_read)
    for descriptor in ours:
        os.set_blocking(descriptor, False)
    return ours, (request_read, reply_write, output_write)
