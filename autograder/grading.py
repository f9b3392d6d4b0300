"""Grade one, grade many: jobs go to slots, results come back one by one.

Slots are the processes of a `concurrent.futures` pool. A slot that dies takes no other submission with it: the pool is
made anew and what was in flight is graded again, at most `_TRIES` times; then it is ungraded, with the reason.
"""

import contextlib
import functools
import multiprocessing
import multiprocessing.connection
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.queues import SimpleQueue
from pathlib import Path

from autograder import assemble
from autograder.assemble import Conditions, Examined, Job
from autograder.assignment import Assignment
from autograder.errors import GraderError
from autograder.framework import first_runtimes
from autograder.result import Result
from autograder.sandbox import cgroup
from autograder.sandbox.bubblewrap import find_recipe, likely_recipe
from autograder.sandbox.gpu import Seat
from autograder.sandbox.zygote import GROUP_PREFIX, Recipe
from autograder.secret import secret_id
from autograder.slot import GpuSick, Slot

__all__ = ["Pool", "confined_pool", "warm_pool"]

Finder = Callable[[str], Recipe]

_TRIES = 3
_QUEUED_PER_SLOT = 2


@dataclass
class _Tried:
    """A job and how often a slot died with it."""

    job: Job
    deaths: int = 0


class Pool:
    """A number of slots, and the jobs in flight."""

    def __init__(
        self,
        recipes: Mapping[str, Recipe],
        secret: bytes,
        slots: int,
        seats: Sequence[Seat] = (),
        find: Finder | None = None,
    ) -> None:
        """Prepare `slots` slots; their processes start with `warm_up` or the first job. `recipes` are by runtime, at
        least one; `find` returns the recipe of another.

        With `seats`, each slot has one of them, and there are no more slots than seats; a GPU that fails is given up,
        and its work moved.
        """
        self.recipes = dict(recipes)
        self.tier = next(iter(recipes.values())).tier
        """The sandbox's tier."""
        self._find = find
        self._secret = secret
        self._slots = min(slots, len(seats)) if seats else slots
        self._seats = list(seats)
        self._sick: GpuSick | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="autograder-")
        self._executor = self._start()

    @property
    def has_gpu(self) -> bool:
        """Is `cuda` a real GPU, and not simulated?"""
        return bool(self._seats or self._sick)

    def warm_up(self, assignments: Iterable[Assignment]) -> None:
        """Start the slots, and have each load what these assignments need. Nothing is waited for, and nothing graded.

        What is wrong with an assignment is said when it is graded.
        """
        known = tuple(assignments)
        for _ in range(self._slots):
            with _interrupts_held():
                self._executor.submit(_prepare, known)

    def check(self, assignment: Assignment) -> None:
        """Have a slot load an assignment's hidden suite and reference, and wait for it.

        Raises:
            AssignmentError: either is broken.
        """
        with _interrupts_held():
            loaded = self._executor.submit(_prepare, (assignment,))
        loaded.result()

    def grade_many(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Yield the result of each job as it is done, in the order in which they finish.

        Jobs are taken from the iterable as slots become free, so memory does not grow with their number.

        Raises:
            AssignmentError: an assignment's hidden suite or reference is broken.
        """
        return (examined.result for examined in self.examine_many(jobs))

    def examine_many(self, jobs: Iterable[Job]) -> Iterator[Examined]:
        """Do the same, and yield beside each result what an audit looks at; raises what `grade_many` does."""
        waiting = iter(jobs)
        flying: dict[Future[Examined], _Tried] = {}
        exhausted = False
        while True:
            while not exhausted and len(flying) < self._slots * _QUEUED_PER_SLOT:
                job = next(waiting, None)
                exhausted = job is None
                if job is not None and self._without_gpu(job):
                    yield self._given_up(job)
                elif job is not None:
                    self._submit(flying, _Tried(job))
            if not flying:
                return
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                yield from self._recover(flying)
                continue
            sick = [error for error in (future.exception() for future in done) if isinstance(error, GpuSick)]
            if sick:
                self._quarantine(sick)
                yield from self._recover(flying)
                continue
            for future in done:
                del flying[future]
                yield future.result()

    def close(self) -> None:
        """End the slots at once, whatever they are doing."""
        self._end_slots()
        self._folder.cleanup()

    def _end_slots(self) -> None:
        for child in multiprocessing.active_children():
            child.terminate()
        self._executor.shutdown(wait=True, cancel_futures=True)
        # A slot that is ended does not tidy up: its sandboxes end with it, and its control groups stay, empty.
        cgroup.sweep(GROUP_PREFIX)

    def _start(self) -> ProcessPoolExecutor:
        # A slot computes with one thread, and its zygote must: set before any framework is imported there.
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ[name] = "1"
        context = multiprocessing.get_context("spawn")
        seats: SimpleQueue[Seat] | None = None
        if self._seats:
            seats = context.SimpleQueue()
            for seat in self._seats:
                seats.put(seat)
        return ProcessPoolExecutor(
            max_workers=self._slots,
            mp_context=context,
            initializer=_open_slot,
            initargs=(self.recipes, self._secret, self._folder.name, seats, self._find),
        )

    def _submit(self, flying: dict[Future[Examined], _Tried], tried: _Tried) -> None:
        try:
            with _interrupts_held():
                future = self._executor.submit(_grade, tried.job)
        except BrokenProcessPool as error:
            # A slot died between two jobs: let the waiting side find this one broken with the others.
            future = Future()
            future.set_exception(error)
        flying[future] = tried

    def _quarantine(self, sick: Sequence[GpuSick]) -> None:
        """Put no slot on a GPU that failed."""
        self._sick = sick[-1]
        self._seats = [seat for seat in self._seats if seat.gpu.uuid not in {error.uuid for error in sick}]
        self._slots = min(self._slots, len(self._seats)) or self._slots

    def _without_gpu(self, job: Job) -> bool:
        """Is it for a GPU, of which none is left? It is never graded on a simulated one in its place."""
        return self._sick is not None and not self._seats and "cuda" in job.assignment.devices

    def _recover(self, flying: dict[Future[Examined], _Tried]) -> Iterator[Examined]:
        """Yield what was done when the pool broke, and what has broken it too often; start the rest again."""
        self._end_slots()
        self._executor = self._start()
        again: list[_Tried] = []
        for future, tried in list(flying.items()):
            del flying[future]
            if future.done() and not future.cancelled() and future.exception() is None:
                yield future.result()
                continue
            tried.deaths += 1
            if tried.deaths < _TRIES and not self._without_gpu(tried.job):
                again.append(tried)
            else:
                yield self._given_up(tried.job)
        for tried in again:
            self._submit(flying, tried)

    def _given_up(self, job: Job) -> Examined:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        conditions = Conditions(self.tier, secret_id(self._secret), started)
        why = f"The grader's own process ended {_TRIES} times while this was graded."
        if self._sick is not None and self._without_gpu(job):
            why = f"The GPU {self._sick.uuid} failed: {self._sick.reason}."
        error = GraderError(f"{why} Staff must look into it.")
        return Examined(assemble.not_judged(job.assignment, job.submission, job.attempt, conditions, error))


def warm_pool(
    recipes: Mapping[str, Recipe],
    assignments: Iterable[Assignment],
    secret: bytes,
    slots: int,
    seats: Sequence[Seat] = (),
    find: Finder | None = None,
) -> Pool:
    """Return a pool whose slots load what these assignments need."""
    pool = Pool(recipes, secret, slots, seats, find)
    pool.warm_up(assignments)
    return pool


def confined_pool(
    assignments: Collection[Assignment],
    secret: bytes,
    slots: int,
    seats: Sequence[Seat] = (),
    runtimes: Path | None = None,
) -> Pool:
    """Start slots that grade these assignments, in the strongest sandbox that works on this machine.

    The slots warm up in the likely one while it is tried out, and grade nothing before that is done. `runtimes` is the
    folder in which runtimes are installed.

    Raises:
        SandboxUnavailable: none works.
    """
    names = first_runtimes(assignments, runtimes)
    find = functools.partial(find_recipe, folder=runtimes)
    likely = {name: likely_recipe(name, runtimes) for name in names}
    pool = warm_pool(likely, assignments, secret, slots, seats, find)
    try:
        recipes = {name: find(name) for name in names}
        if recipes == pool.recipes:
            return pool
    except BaseException:
        pool.close()
        raise
    pool.close()
    return warm_pool(recipes, assignments, secret, slots, seats, find)


_slot: Slot | None = None


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back for a moment, and from the processes that start in it: they inherit that it is blocked."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _open_slot(
    recipes: Mapping[str, Recipe],
    secret: bytes,
    folder: str,
    seats: "SimpleQueue[Seat] | None",
    find: Finder | None,
) -> None:
    """Make this pool process a slot, with a current folder of its own, and a seat where there are some."""
    global _slot
    # Ctrl-C is for the process that has the terminal; it ends the slots.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    _end_with_parent()
    _slot = Slot(recipes, secret, seats.get() if seats is not None else None, find)
    # What a trusted control run writes must not land in anybody's folder.
    os.chdir(tempfile.mkdtemp(dir=folder))
    import torch

    torch.set_num_threads(1)


def _end_with_parent() -> None:
    """Leave no slot behind when the process that started it is killed: its pipe says when."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        with contextlib.suppress(OSError):
            multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="watch the parent", daemon=True).start()


def _prepare(assignments: Iterable[Assignment]) -> None:
    assert _slot is not None, "the pool's initializer makes the slot"
    for assignment in assignments:
        _slot.prepare(assignment)


def _grade(job: Job) -> Examined:
    assert _slot is not None, "the pool's initializer makes the slot"
    return _slot.examine(job)
