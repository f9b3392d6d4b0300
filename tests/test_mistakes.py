"""Known mistakes: whose replies are a mutant's is told its hint, and nobody else is; a grade never depends on it."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograder.assemble import Job
from autograder.assignment import Assignment, load
from autograder.authoring.mutants import Mutant, load_mutants
from autograder.grading import Pool
from autograder.judge.outcome import Outcome
from autograder.judge.outcome import TestSpec as Spec
from autograder.judge.trace import Trace
from autograder.mistakes import KnownMistakes
from autograder.result import Result, Status
from autograder.submission import Submission, receive

ROOT = Path(__file__).parents[1]
PARAPHRASED = Path(__file__).parent / "paraphrased"
OFF = "The value that came back is wrong: off by 0.3."

# With traces that are made up.


def mutant(name: str, *caught_by: str, edits: Sequence[tuple[str, str]] = ()) -> Mutant:
    return Mutant(name, "", f"Hint of {name}.", caught_by, f"# {name}\n", tuple(edits))


def outcome(test: str, value: Any, status: Status = Status.FAILED, explanation: str = OFF) -> Outcome:
    spec = Spec(test, test, "A claim.", 1, 1.0, (), "", False, None)
    trace = Trace((({"op": "call", "target": "f"}, {"value": value}),), 100)
    return Outcome(spec, status, "" if status is Status.PASSED else explanation, trace=trace)


class Stage:
    """Where mutants are rehearsed: gives made-up outcomes by source, and remembers who was asked for what."""

    def __init__(self, plays: Mapping[str, Mapping[str, Any]], right: Mapping[str, Any]) -> None:
        self._plays = {f"# {name}\n": values for name, values in plays.items()}
        self._right = right
        self.asked: list[tuple[str, frozenset[str]]] = []

    def __call__(self, source: str, tests: frozenset[str], seconds: float) -> dict[str, Outcome]:
        self.asked.append((source, tests))
        if source == "reference":
            return {test: outcome(test, self._right[test], Status.PASSED) for test in tests}
        return {test: outcome(test, self._plays[source][test]) for test in tests}


RIGHT = {"test_a": 0.123, "test_b": 0.456}


def names(found: Mapping[str, Mutant]) -> dict[str, str]:
    return {test: mutant.name for test, mutant in found.items()}


def test_who_gives_a_mutant_s_replies_makes_its_mistake() -> None:
    stage = Stage({"m": {"test_a": 0.777}, "n": {"test_a": 0.888}}, RIGHT)
    known = KnownMistakes([mutant("n", "test_a"), mutant("m", "test_a")], "reference")
    assert names(known.find(1, "", [outcome("test_a", 0.777 + 1e-9)], stage)) == {"test_a": "m"}
    assert names(known.find(1, "", [outcome("test_a", 0.7)], stage)) == {}


def test_a_mutant_is_run_once_for_all_submissions_of_an_attempt() -> None:
    stage = Stage({"m": {"test_a": 0.777}}, RIGHT)
    known = KnownMistakes([mutant("m", "test_a")], "reference")
    for _ in range(3):
        known.find(1, "", [outcome("test_a", 0.777)], stage)
    assert len(stage.asked) == 2, "the mutant and the reference"
    known.find(2, "", [outcome("test_a", 0.777)], stage)
    assert len(stage.asked) == 4, "another attempt has other inputs"


def test_nothing_is_run_for_a_submission_that_passes_or_that_never_began() -> None:
    stage = Stage({"m": {"test_a": 0.777}}, RIGHT)
    known = KnownMistakes([mutant("m", "test_a")], "reference")
    passed = outcome("test_a", 0.123, Status.PASSED)
    late = outcome("test_a", 0.777, Status.TIMED_OUT)
    broken = dataclasses.replace(outcome("test_a", 0, Status.RAISED), trace=Trace((), 0))
    unknown = dataclasses.replace(outcome("test_a", 0.777), trace=None)
    for ended in (passed, late, broken, unknown):
        assert known.find(1, "", [ended], stage) == {}
    assert stage.asked == []


def test_who_passes_a_test_that_a_mutant_always_fails_does_not_make_its_mistake() -> None:
    stage = Stage({"m": {"test_a": 0.777, "test_b": 0.9}}, RIGHT)
    known = KnownMistakes([mutant("m", "test_a", "test_b")], "reference")
    passes_b = [outcome("test_a", 0.777), outcome("test_b", 0.456, Status.PASSED)]
    assert known.find(1, "", passes_b, stage) == {}
    waits_for_b = [outcome("test_a", 0.777), outcome("test_b", 0, Status.WAITING)]
    assert names(known.find(1, "", waits_for_b, stage)) == {"test_a": "m"}


def test_of_two_mutants_the_one_that_explains_more_is_told() -> None:
    plays = {"one": {"test_a": 0.777, "test_b": 0.999}, "both": {"test_a": 0.777, "test_b": 0.888}}
    known = KnownMistakes([mutant("one", "test_a"), mutant("both", "test_a")], "reference")
    failed = [outcome("test_a", 0.777), outcome("test_b", 0.888)]
    assert names(known.find(1, "", failed, Stage(plays, RIGHT))) == {"test_a": "both", "test_b": "both"}


def test_of_two_that_explain_as_much_the_lines_decide_and_where_they_do_not_none_is_told() -> None:
    first = mutant("first", "test_a", edits=[("a = 1\n", "a = 2\n")])
    second = mutant("second", "test_a", edits=[("b = 1\n", "b = 2\n")])
    plays = {"first": {"test_a": 0.777}, "second": {"test_a": 0.777}}
    for source, expected in (("def f():\n    b = 2\n", ["second"]), ("", []), ("a = 2", ["first"])):
        known = KnownMistakes([first, second], "reference")
        found = known.find(1, source, [outcome("test_a", 0.777)], Stage(plays, RIGHT))
        assert list(names(found).values()) == expected


def test_two_mistakes_with_one_hint_need_not_be_told_apart() -> None:
    first, second = (dataclasses.replace(mutant(name, "test_a"), hint="Look.") for name in ("first", "second"))
    plays = {"first": {"test_a": 0.777}, "second": {"test_a": 0.777}}
    found = KnownMistakes([first, second], "reference").find(1, "", [outcome("test_a", 0.777)], Stage(plays, RIGHT))
    assert names(found) == {"test_a": "first"}


@pytest.mark.parametrize("value", [0.0, 1, float("nan"), 0.5, True, None, [0.0, 0.0]])
def test_a_reply_that_many_programs_give_proves_nothing_alone(value: Any) -> None:
    mutants = [mutant("m", "test_a", "test_b")]
    stage = Stage({"m": {"test_a": value, "test_b": 0.777}}, RIGHT)
    other = [outcome("test_a", value), outcome("test_b", 0.888)]
    assert known_mistakes(mutants).find(1, "", other, stage) == {}
    same = [outcome("test_a", value), outcome("test_b", 0.777)]
    assert names(known_mistakes(mutants).find(1, "", same, stage)) == {"test_a": "m", "test_b": "m"}


def known_mistakes(mutants: Sequence[Mutant], budget: float = 60.0) -> KnownMistakes:
    return KnownMistakes(mutants, "reference", budget)


def test_the_same_replies_are_another_mistake_where_another_thing_is_said_of_them() -> None:
    stage = Stage({"m": {"test_a": 0.777}}, RIGHT)
    said = dataclasses.replace(outcome("test_a", 0.777), explanation="It is a tensor; it must be a list.")
    assert known_mistakes([mutant("m", "test_a")]).find(1, "", [said], stage) == {}


def test_a_test_that_the_reference_fails_is_explained_by_nobody() -> None:
    def broken(source: str, tests: frozenset[str], seconds: float) -> dict[str, Outcome]:
        return {test: outcome(test, 0.777) for test in tests}

    assert known_mistakes([mutant("m", "test_a")]).find(1, "", [outcome("test_a", 0.777)], broken) == {}


def test_no_mutant_is_run_when_the_time_is_spent() -> None:
    stage = Stage({"m": {"test_a": 0.777}}, RIGHT)
    known = known_mistakes([mutant("m", "test_a")], budget=0.0)
    assert known.find(1, "", [outcome("test_a", 0.777)], stage) == {}
    assert stage.asked == []


# In the sandbox, with suites.

TESTS = """
    pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]

    @pytest.mark.hint("Look at the sum.")
    def test_mean(student, reference, draw, compare):
        '''The mean is right.'''
        x = draw.normal(9)
        compare.close(student.mean(x), reference.mean(x))
"""
REFERENCE = """
    def mean(x):
        return x.sum() / len(x)
"""
MUTANTS = """
[hangs]
misconception = "Nothing ends."
hint = "End."
caught_by = ["test_mean"]
edits = [{ find = "    return x.sum()", replace = "    while True: pass\\n    return x.sum()" }]

[kills_itself]
misconception = "Nothing stays."
hint = "Stay."
caught_by = ["test_mean"]
edits = [{ find = "    return x.sum()", replace = "    import os; os.kill(os.getpid(), 9)\\n    return x.sum()" }]

[without_the_last]
misconception = "An index ends at -1."
hint = "Which element is x[:-1] without?"
caught_by = ["test_mean"]
edits = [{ find = "x.sum()", replace = "x[:-1].sum()" }]
"""
Tiny = Callable[..., Path]
Grade = Callable[..., Result]


@pytest.fixture
def tiny(tiny_course: Tiny) -> Callable[..., Assignment]:
    def write(slug: str, mutants: str = MUTANTS) -> Assignment:
        root = tiny_course(TESTS, REFERENCE, slug=slug, tail="[limits]\ncall_seconds = 2\n")
        (root / "reference" / slug / "mutants.toml").write_text(mutants, encoding="utf-8")
        return load(root, slug)

    return write


def test_a_student_reads_the_hint_of_the_mistake_and_staff_its_name(
    tiny: Callable[..., Assignment], grade: Grade
) -> None:
    assignment = tiny("mistaken")
    result = grade(assignment, {"tiny.py": "def mean(values):\n    return sum(values[:len(values) - 1]) / len(values)"})
    (test,) = result.tests
    assert (test.status, test.points) == (Status.FAILED, 0)
    # That of the test may fit another mistake.
    assert (test.mistake, test.hint) == ("without_the_last", "Which element is x[:-1] without?")


def test_mutants_that_hang_or_crash_cost_no_grade_and_leave_the_slot_whole(
    tiny: Callable[..., Assignment], grade: Grade
) -> None:
    assignment = tiny("mistaken_twice")
    sources = ["def mean(x): return x.mean()", "def mean(x): return x[0] / 3", "def mean(x): return -x.mean()"]
    results = [grade(assignment, {"tiny.py": source}) for source in sources * 2]
    assert [result.points for result in results] == [1, 0, 0] * 2
    assert [result.tests[0].mistake for result in results] == [""] * 6
    assert "sign" in results[2].tests[0].cause or results[2].tests[0].cause == ""
    assert all(not result.ungraded for result in results)


def test_a_broken_list_of_mutants_costs_the_diagnosis_and_not_the_grade(
    tiny: Callable[..., Assignment], grade: Grade
) -> None:
    result = grade(tiny("mistaken_badly", "[broken"), {"tiny.py": "def mean(x): return x[0]"})
    assert (result.points, result.tests[0].status, result.tests[0].mistake) == (0, Status.FAILED, "")


# On the exercises themselves, as others would make the mistakes.


def paraphrases() -> list[tuple[str, str]]:
    return [(path.parent.name, path.stem) for path in sorted(PARAPHRASED.glob("*/*.py"))]


@pytest.fixture(scope="module")
def results(pool: Pool) -> dict[tuple[str, str], Result]:
    jobs = []
    for slug, name in paraphrases():
        assignment = load(ROOT, slug)
        files = {f"{assignment.module}.py": (PARAPHRASED / slug / f"{name}.py").read_bytes()}
        jobs.append(Job(assignment, Submission(student=name, files=files, digest=name), 1))
    return {(result.slug, result.submission.student): result for result in pool.grade_many(jobs)}


def told_right(slug: str, name: str, result: Result) -> bool:
    hints = {mutant.name: mutant.hint for mutant in load_mutants(ROOT, slug)}
    named = [test for test in result.tests if test.mistake]
    return any(test.mistake == name or test.hint == hints[name] for test in named)


def test_most_mistakes_are_recognised_in_what_others_wrote(results: dict[tuple[str, str], Result]) -> None:
    wrong = {key: result for key, result in results.items() if key[1] != "right"}
    right = [key for key, result in wrong.items() if told_right(*key, result)]
    missed = sorted(set(wrong) - set(right))
    assert len(wrong) >= 15
    assert len(right) >= 0.8 * len(wrong), missed


def test_nobody_is_told_of_a_mistake_that_is_not_theirs(results: dict[tuple[str, str], Result]) -> None:
    strangers = {}
    for (slug, name), result in results.items():
        named = {test.mistake for test in result.tests} - {""}
        if named and not told_right(slug, name, result):
            strangers[slug, name] = named
    assert strangers == {}


def test_right_answers_are_told_nothing(results: dict[tuple[str, str], Result]) -> None:
    for (slug, name), result in results.items():
        if name == "right":
            assert result.points == result.max_points, slug
            assert all(test.cause == test.mistake == "" for test in result.tests)


@pytest.mark.long
def test_most_known_mistakes_are_called_by_their_name(pool: Pool) -> None:
    slug = "precision_recall_auc"
    assignment, mutants = load(ROOT, slug), load_mutants(ROOT, slug)
    right = receive(assignment.reference, assignment.module, "reference")
    jobs = [
        Job(
            assignment,
            Submission(student=m.name, files={f"{assignment.module}.py": m.source.encode()}, digest=m.name),
            1,
        )
        for m in mutants
    ]
    results = list(pool.grade_many([Job(assignment, right, 1), *jobs]))
    told = {result.submission.student for result in results if told_right_or_passed(slug, result)}
    assert "reference" in told
    assert len(told) - 1 >= 0.9 * len(mutants), {m.name for m in mutants} - told


def told_right_or_passed(slug: str, result: Result) -> bool:
    if result.submission.student == "reference":
        return all(test.cause == test.mistake == "" for test in result.tests)
    return told_right(slug, result.submission.student, result)
