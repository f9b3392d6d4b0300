"""A hidden test that never ends costs itself, and nobody else."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.judge import plugin
from autograder.judge.outcome import Judgement
from autograder.judge.suite import Suite
from autograder.judge.watchdog import Overdue, Watchdog
from autograder.result import Status

SUITE = """
    pytestmark = pytest.mark.task(1)

    @pytest.mark.points(1)
    def test_stuck(student):
        '''The author forgot the end of a loop.'''
        while True:
            try:
                pass
            except Exception:
                raise

    @pytest.mark.points(1)
    def test_slow_student(student, compare):
        '''A slow student has time of their own.'''
        compare.close(student.f(), 1)
"""


@pytest.mark.attack("P03")
def test_a_hidden_test_that_never_ends_is_the_graders_fault_and_the_next_one_runs(
    tiny_course: Callable[..., Path],
    judge: Callable[..., Judgement],
    suite_of: Callable[[Path], Suite],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plugin, "Watchdog", lambda: Watchdog(1.0))
    suite = suite_of(tiny_course(SUITE, points=2))
    source = "import time\ndef f():\n    time.sleep(2)\n    return 1\n"
    for _ in range(2):
        stuck, slow = judge(suite, source).outcomes
        assert (stuck.status, stuck.suspect) == (Status.UNGRADED, True)
        assert "the hidden test did not come to an end" in stuck.detail
        assert slow.status is Status.PASSED, "what a worker takes is not counted against the hidden test"


class Waiting:
    """A connection whose worker takes its time."""

    def __init__(self, share: float) -> None:
        self._begin, self._share = time.monotonic(), share

    def waited(self) -> float:
        return self._share * (time.monotonic() - self._begin)


def busy(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def test_time_in_which_a_worker_is_waited_for_does_not_count() -> None:
    watchdog: Any = Watchdog(0.6)
    watchdog.begin(Waiting(1.0))
    busy(1.5)
    watchdog.end()
    watchdog.begin(Waiting(0.0))
    with pytest.raises(Overdue):
        busy(10.0)
    watchdog.end()


def test_nothing_is_raised_after_a_test_has_ended() -> None:
    watchdog: Any = Watchdog(0.1)
    watchdog.begin(Waiting(0.0))
    watchdog.end()
    busy(1.2)
