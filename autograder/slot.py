"""One slot: a judge with its sandboxes, which grades one submission after another.

A `Slot` launches its sandboxes first and imports the judge, which brings its own framework, while they import theirs:
so the judge's modules are imported inside functions here. For a class it lives in a process of its own.
"""

import dataclasses
import gc
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from autograder import assemble
from autograder.assemble import Conditions, Examined, Job, Probe
from autograder.assignment import Assignment
from autograder.authoring.mutants import mutants_of
from autograder.authoring.parts import answers_of
from autograder.errors import RuntimeMissing, SubmissionError
from autograder.framework import runtime_for
from autograder.result import Result, Status
from autograder.sandbox import runtime
from autograder.sandbox.base import Bounds, Sandbox, SandboxRecipe, Session
from autograder.sandbox.gpu import Seat, free_memory
from autograder.secret import secret_id
from autograder.submission import source_of

if TYPE_CHECKING:  # not everywhere that public tests are run can a zygote be forked
    from autograder.judge.outcome import Judgement, Outcome
    from autograder.judge.plugin import Watcher
    from autograder.judge.recorder import Recorder
    from autograder.judge.suite import Suite
    from autograder.mistakes import KnownMistakes
    from autograder.sandbox.zygote import Recipe

__all__ = ["GpuSick", "Slot"]

_BUSY_SECONDS = 30.0
"""How long a GPU may be full of what others do."""
_BROKE_ON_VALUE = "The test could not work with what your code returned; look at its type and its shape."


class GpuSick(Exception):
    """A GPU does not do what it must: no worker can be started on it."""

    def __init__(self, uuid: str, reason: str) -> None:
        super().__init__(uuid, reason)
        self.uuid = uuid
        self.reason = reason


class Slot:
    """Grades submissions of any assignment."""

    def __init__(
        self,
        recipes: Mapping[str, SandboxRecipe],
        secret: bytes,
        seat: Seat | None = None,
        find: Callable[[str], SandboxRecipe] | None = None,
    ) -> None:
        """Launch one sandbox for each recipe; `recipes` are by runtime. With a `seat`, exercises for a GPU have one.

        `find` returns the recipe of another runtime, when the first submission for it comes.
        """
        self._recipes = dict(recipes)
        self._find = find
        self._tier = next(iter(recipes.values())).tier
        self._secret = secret
        self._seat = seat
        self._sandboxes = {(name, False, False): recipe.start() for name, recipe in recipes.items()}
        self._suites: dict[str, Suite] = {}
        self._controls: dict[tuple[str, int], dict[str, Status]] = {}
        self._mistakes: dict[tuple[str, str], KnownMistakes] = {}

    def prepare(self, assignment: Assignment) -> None:
        """Import the reference and collect the hidden suite of an assignment, if that is not done.

        Raises:
            AssignmentError: either is broken.
        """
        self._suite(assignment)
        if len(assignment.runtimes) == 1 and assignment.runtime in self._recipes:
            self._sandbox(assignment)

    def grade(self, job: Job) -> Result:
        """Return the result of one submission.

        Raises:
            AssignmentError: the assignment's hidden suite or reference is broken.
            GpuSick: the slot's GPU fails.
            SandboxUnavailable: the sandbox does not hold with the runtime that the submission is for.
        """
        return self.examine(job).result

    def examine(self, job: Job) -> Examined:
        """Return the result of one submission, and of a `Probe` what an audit looks at; raises what `grade` does."""
        conditions = Conditions(
            tier=self._tier,
            secret_id=secret_id(self._secret),
            started=datetime.now(UTC).isoformat(timespec="seconds"),
            gpu=f"{self._seat.gpu.name}, driver {self._seat.gpu.driver}" if self._seat else "",
        )
        try:
            job = self._with_runtime(job)
        except (SubmissionError, RuntimeMissing) as error:
            return Examined(assemble.not_judged(job.assignment, job.submission, job.attempt, conditions, error))
        recipe = self._recipes[job.assignment.runtime]
        conditions = dataclasses.replace(conditions, tier=recipe.tier, worker=recipe.versions)
        begin = time.perf_counter()
        suite = self._suite(job.assignment)
        recorder = None
        if isinstance(job, Probe) and job.stand_in:
            judgement, recorder = self._judge_stand_in(suite, job)
        else:
            judgement = self._judge_submission(suite, job)
        if any(_sandbox_failed(outcome) for outcome in judgement.outcomes):
            # Once more in a new sandbox; what fails again is reported as ours.
            self._sandboxes.pop(self._place(job.assignment)).close()
            if self._on_gpu(job.assignment):
                self._wait_for_memory()
            judgement = self._judge_submission(suite, job)
            failed = [outcome for outcome in judgement.outcomes if _sandbox_failed(outcome)]
            if failed and self._on_gpu(job.assignment):
                assert self._seat is not None
                raise GpuSick(self._seat.gpu.uuid, failed[0].detail.strip(" ."))
        outcomes = [self._settle(suite, job, outcome) for outcome in judgement.outcomes]
        is_probe = isinstance(job, Probe)
        if not is_probe:
            outcomes = self._diagnosed(suite, job, outcomes)
        result = assemble.judged(job, outcomes, judgement.curves, conditions, time.perf_counter() - begin)
        # Traces are large, and stay in this process.
        seen = tuple(dataclasses.replace(outcome, trace=None) for outcome in outcomes) if is_probe else ()
        return Examined(result, seen, tuple(recorder.answers_sent) if recorder else ())

    def close(self) -> None:
        """End the sandboxes and the pytest sessions."""
        for sandbox in self._sandboxes.values():
            sandbox.close()
        for suite in self._suites.values():
            suite.close()

    def _with_runtime(self, job: Job) -> Job:
        """Return a job whose assignment has the runtime that the submission is for; its recipe is there then.

        Raises:
            SubmissionError: it is for none of those that the exercise is open to.
            RuntimeMissing: it is not installed here.
        """
        assignment = job.assignment
        name = runtime_for(assignment.runtimes, job.submission, assignment.module)
        if name not in self._recipes:
            assert self._find is not None, f"the slot has no recipe for {name}"
            self._recipes[name] = self._find(name)
        if name == assignment.runtime:
            return job
        return dataclasses.replace(job, assignment=dataclasses.replace(assignment, runtime=name))

    def _on_gpu(self, assignment: Assignment) -> bool:
        return self._seat is not None and "cuda" in assignment.devices

    def _place(self, assignment: Assignment) -> tuple[str, bool, bool]:
        """Return which sandbox serves an assignment: its runtime, whether it has a GPU, and how exact that must be."""
        on_gpu = self._on_gpu(assignment)
        return assignment.runtime, on_gpu, on_gpu and assignment.reduced_precision

    def _sandbox(self, assignment: Assignment) -> Sandbox:
        """Return the sandbox for an assignment, launched if it is not."""
        place = self._place(assignment)
        if place not in self._sandboxes:
            recipe = self._recipes[assignment.runtime]
            if self._on_gpu(assignment):
                assert self._seat is not None
                seat = dataclasses.replace(self._seat, reduced_precision=assignment.reduced_precision)
                recipe = cast("Recipe", recipe).on(seat)  # only that kind is given seats
            self._sandboxes[place] = recipe.start()
        return self._sandboxes[place]

    def _wait_for_memory(self) -> None:
        """Wait a while for memory on the GPU that others hold."""
        assert self._seat is not None
        deadline = time.monotonic() + _BUSY_SECONDS
        while free_memory(self._seat.gpu) < self._seat.worker_bytes and time.monotonic() < deadline:
            time.sleep(1.0)

    def _suite(self, assignment: Assignment) -> "Suite":
        if assignment.slug not in self._suites:
            from autograder.judge.suite import Suite

            self._suites[assignment.slug] = Suite(assignment)
            # What is imported by now stays: the garbage collector need not go through all of it again and again.
            gc.freeze()
        return self._suites[assignment.slug]

    def _judge_submission(self, suite: "Suite", job: Job, only: frozenset[str] | None = None) -> "Judgement":
        """Run the tests in the sandbox, or `only` those of these ids."""
        assignment = job.assignment
        bounds = Bounds.of(assignment.limits)
        modules = runtime.find(assignment.runtime).demanded(job.submission.files)
        return self._judge(
            suite,
            job,
            lambda: self._sandbox(assignment).open(bounds, modules),
            job.submission.files,
            source_of(job.submission, assignment.module),
            only=only,
        )

    def _judge_stand_in(self, suite: "Suite", job: Probe) -> "tuple[Judgement, Recorder]":
        from autograder.judge.recorder import Recorder
        from autograder.judge.trivial import TrivialSession

        recorder = Recorder(TrivialSession(suite.reference, job.stand_in))
        source = job.assignment.reference.read_text(encoding="utf-8")
        return self._judge(suite, job, lambda: recorder, {}, source, control=True, watcher=recorder), recorder

    def _judge(
        self,
        suite: "Suite",
        job: Job,
        open_session: Callable[[], Session],
        files: Mapping[str, bytes],
        source: str,
        *,
        control: bool = False,
        only: frozenset[str] | None = None,
        watcher: "Watcher | None" = None,
    ) -> "Judgement":
        from autograder.judge.draw import seed_for
        from autograder.judge.plugin import Case
        from autograder.judge.source import Source
        from autograder.judge.student import Connection

        assignment = job.assignment
        device = "cpu" if "cuda" not in assignment.devices else "cuda" if self._seat and not control else "simulated"
        connection = Connection(
            open_session, assignment.module, files, device, assignment.limits, public=assignment.public
        )
        names = (assignment.slug, suite.digest, str(job.attempt))

        def seed(purpose: str, test: str) -> int:
            return seed_for(self._secret, purpose, *names, test)

        until_failure = isinstance(job, Probe) and job.until_failure
        return suite.judge(Case(connection, Source(source), seed, control, only, until_failure, watcher))

    def _settle(self, suite: "Suite", job: Job, outcome: "Outcome") -> "Outcome":
        """Say whose fault it is that a hidden test broke: the suite's, when it breaks on the reference too."""
        if not outcome.suspect:
            return outcome
        if job.assignment.public:
            # There is no reference to try it on; it passed there before students were given it.
            return _broken_by_value(outcome)
        key = (job.assignment.slug, job.attempt)
        if key not in self._controls:
            self._controls[key] = self._control(suite, job)
        if self._controls[key].get(outcome.test.id) is not Status.PASSED:
            return outcome
        return _broken_by_value(outcome)

    def _diagnosed(self, suite: "Suite", job: Job, outcomes: "list[Outcome]") -> "list[Outcome]":
        """Add the known mistakes whose replies the submission gave; whatever goes wrong in that adds nothing."""
        if job.assignment.public or all(outcome.status is Status.PASSED for outcome in outcomes):
            return outcomes
        from autograder.judge.watchdog import Overdue
        from autograder.mistakes import stand_in

        def rehearse(source: str, tests: frozenset[str], seconds: float) -> "dict[str, Outcome]":
            judgement = self._judge_submission(suite, stand_in(job, source, seconds), tests)
            return {outcome.test.id: outcome for outcome in judgement.outcomes}

        try:
            source = source_of(job.submission, job.assignment.module)
            found = self._known_mistakes(job.assignment).find(job.attempt, source, outcomes, rehearse)
        except (Exception, Overdue):
            return outcomes
        return [
            dataclasses.replace(outcome, cause="", hint=mistake.hint, mistake=mistake.name)
            if (mistake := found.get(outcome.test.id))
            else outcome
            for outcome in outcomes
        ]

    def _known_mistakes(self, assignment: Assignment) -> "KnownMistakes":
        """Return the mistakes that are known of answers in the assignment's runtime."""
        key = (assignment.slug, assignment.runtime)
        if key not in self._mistakes:
            from autograder.mistakes import KnownMistakes

            right = answers_of(assignment).get(assignment.runtime, assignment.reference)
            self._mistakes[key] = KnownMistakes(mutants_of(right), right.read_text(encoding="utf-8"))
        return self._mistakes[key]

    def _control(self, suite: "Suite", job: Job) -> dict[str, Status]:
        """Return how each test ends on the reference, in this process."""
        from autograder.sandbox.fake import FakeSandbox

        bounds = Bounds.of(job.assignment.limits)
        open_session = FakeSandbox(suite.reference).open
        source = job.assignment.reference.read_text(encoding="utf-8")
        judgement = self._judge(suite, job, lambda: open_session(bounds), {}, source, control=True)
        return {outcome.test.id: outcome.status for outcome in judgement.outcomes}


def _broken_by_value(outcome: "Outcome") -> "Outcome":
    status = Status.WAITING if outcome.explanation else Status.FAILED
    return dataclasses.replace(outcome, status=status, explanation=outcome.explanation or _BROKE_ON_VALUE)


def _sandbox_failed(outcome: "Outcome") -> bool:
    return outcome.status is Status.UNGRADED and not outcome.suspect
