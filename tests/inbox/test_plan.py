"""What is graded of what a student handed in, and when."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from autograder.course import AttemptPolicy, Course
from autograder.inbox.plan import Outcome, plan
from autograder.scoring import LatePolicy
from autograder.store import Received

NOON = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)
DUE = datetime(2026, 12, 4, 23, 59, tzinfo=UTC)
COOL = AttemptPolicy(cool_down_minutes=30)


def came(minutes: float, digest: str = "", outcome: str = "", student: str = "ada", slug: str = "norms") -> Received:
    """Something that came so many minutes after noon, with other files than the rest unless a digest is given."""
    name = f"{slug}+{student}+{minutes}"
    arrived = NOON + timedelta(minutes=minutes)
    return Received(
        name=name, slug=slug, student=student, arrived=arrived, digest=digest or name, outcome=outcome, said=""
    )


def decided(
    received: list[Received], course: Course, minutes: float = 10_000, *, wait: bool = True
) -> list[tuple[float, str]]:
    """What is decided so many minutes after noon: minute of arrival and outcome."""
    decisions = plan(received, course, NOON + timedelta(minutes=minutes), wait=wait)
    return [((one.received.arrived - NOON) / timedelta(minutes=1), one.outcome.value) for one in decisions]


def test_everything_is_graded_where_no_rule_says_otherwise() -> None:
    assert decided([came(0), came(1), came(2)], Course()) == [(0, "graded"), (1, "graded"), (2, "graded")]


@pytest.mark.parametrize("outcome", ["graded", "refused"])
def test_what_is_settled_stays_so(outcome: str) -> None:
    assert decided([came(0, outcome=outcome)], Course()) == []


def test_what_was_closed_is_graded_when_there_is_an_extension_now() -> None:
    rules = Course(deadlines={"norms": NOON}, late=LatePolicy(closes_after_days=0))
    assert decided([came(1, outcome="closed")], rules) == []
    extended = msgspec.structs.replace(rules, extensions={"ada": {"norms": NOON + timedelta(hours=1)}})
    assert decided([came(1, outcome="closed")], extended) == [(1, "graded")]


def test_what_was_one_too_many_is_graded_when_more_are_allowed_now() -> None:
    received = [came(0, outcome="graded"), came(1, outcome="too_many"), came(2, outcome="too_many")]
    assert decided(received, Course(attempts=AttemptPolicy(most=1))) == []
    assert decided(received, Course(attempts=AttemptPolicy(most=2))) == [(1, "graded")]


def test_what_came_in_the_same_second_is_taken_in_the_order_of_recording() -> None:
    received = [came(1, digest="b"), came(1, digest="a")]
    received[0] = msgspec.structs.replace(received[0], name="z")
    decisions = plan(received, Course(attempts=AttemptPolicy(most=1)), NOON + timedelta(hours=1))
    assert [(one.received.digest, one.outcome.value) for one in decisions] == [("b", "graded"), ("a", "too_many")]


def test_what_comes_within_the_cool_down_waits_for_its_end() -> None:
    course = Course(attempts=COOL)
    received = [came(0, outcome="graded"), came(10)]
    assert decided(received, course, minutes=29) == [(10, "waiting")]
    assert decided(received, course, minutes=30) == [(10, "graded")]
    assert decided(received, course, minutes=29, wait=False) == [(10, "graded")]


def test_the_same_files_twice_do_not_shorten_the_cool_down() -> None:
    received = [came(0, outcome="graded"), came(10, "again"), came(11, "again")]
    assert decided(received, Course(attempts=COOL), minutes=29) == [(10, "waiting"), (11, "waiting")]
    assert decided(received, Course(attempts=COOL), minutes=30) == [(10, "graded"), (11, "graded")]


def test_what_waits_is_told_until_when() -> None:
    course = Course(attempts=COOL, timezone="Europe/Paris")
    (decision,) = plan([came(0, outcome="graded"), came(10)], course, NOON + timedelta(minutes=20))
    assert decision.said == "It is graded after Fri 4 Dec 2026, 13:30 CET, when the cool-down is over."


def test_the_decisions_are_those_of_a_grader_that_never_sleeps() -> None:
    course = Course(attempts=COOL)
    received = [came(0), came(10), came(20), came(100)]
    assert decided(received, course, minutes=1000) == [(0, "graded"), (10, "graded"), (20, "graded"), (100, "graded")]
    assert decided(received, course, minutes=59) == [
        (0, "graded"),
        (10, "graded"),
        (20, "waiting"),
        (100, "waiting"),
    ]


def test_no_more_attempts_are_graded_than_there_are() -> None:
    course = Course(attempts=AttemptPolicy(most=2))
    assert decided([came(0, outcome="graded"), came(1), came(2)], course) == [(1, "graded"), (2, "too_many")]


def test_the_same_files_again_are_the_same_attempt() -> None:
    course = Course(attempts=AttemptPolicy(most=1, cool_down_minutes=30))
    assert decided([came(0, "same", "graded"), came(1, "same"), came(2)], course, minutes=3) == [
        (1, "graded"),
        (2, "too_many"),
    ]


def test_what_could_not_be_read_is_no_attempt_and_starts_no_cool_down() -> None:
    course = Course(attempts=AttemptPolicy(most=1, cool_down_minutes=30))
    assert decided([came(0, outcome="refused"), came(1)], course, minutes=2) == [(1, "graded")]


def test_what_comes_after_the_close_is_not_graded_and_an_extension_moves_the_close() -> None:
    course = Course(
        deadlines={"norms": DUE},
        extensions={"bo": {"norms": DUE + timedelta(days=3)}},
        late=LatePolicy(closes_after_days=1),
    )
    two_days = 48 * 60
    received = [came(0), came(two_days), came(two_days, student="bo")]
    assert decided(received, course) == [(0, "graded"), (two_days, "closed"), (two_days, "graded")]


def test_students_and_exercises_do_not_share_attempts() -> None:
    course = Course(attempts=AttemptPolicy(most=1))
    received = [came(0, outcome="graded"), came(1, student="bo"), came(2, slug="metrics")]
    assert decided(received, course) == [(1, "graded"), (2, "graded")]


def test_every_outcome_has_a_meaning_for_the_student() -> None:
    course = Course(deadlines={"norms": DUE}, late=LatePolicy(closes_after_days=0), attempts=AttemptPolicy(most=1))
    decisions = plan([came(0, outcome="graded"), came(1), came(1000)], course, NOON + timedelta(days=9))
    assert [one.outcome for one in decisions] == [Outcome.TOO_MANY, Outcome.CLOSED]
    assert [one.said for one in decisions] == [
        "The one attempt at this exercise had been used: it is kept, and not graded. What was graded before counts.",
        "It came after the exercise had closed, Fri 4 Dec 2026, 23:59 UTC: it is kept, and not graded. "
        "Ask the course's staff if you should have had longer.",
    ]


def test_what_was_held_back_and_collected_late_is_no_further_attempt() -> None:
    course = Course(attempts=AttemptPolicy(most=1))
    assert decided([came(0), came(10, outcome="graded")], course) == [(0, "too_many")]


def test_what_comes_within_the_grace_is_taken_also_where_the_exercise_closes_at_once() -> None:
    late = LatePolicy(grace_minutes=15, closes_after_days=0)
    course = Course(deadlines={"norms": NOON}, late=late)
    assert decided([came(14), came(16)], course) == [(14, "graded"), (16, "closed")]


def test_a_clock_that_runs_ahead_makes_nobody_wait() -> None:
    assert decided([came(5)], Course(attempts=COOL), minutes=0) == [(5, "graded")]
