"""An audit proves a sound exercise, and names each hole in a broken one with the file and what to do."""

from collections.abc import Callable

import pytest

from autograder.assignment import Assignment
from autograder.authoring.audit import audit
from autograder.authoring.findings import Audit
from autograder.authoring.mutation import generate
from autograder.errors import AssignmentError
from autograder.grading import Pool

Exercise = Callable[..., Assignment]
Audited = Callable[..., Audit]


@pytest.fixture
def audited(pool: Pool, exercise: Exercise) -> Audited:
    """Audit the tiny exercise, with changes."""

    def run(*changes: tuple[str, str, str | None], seeds: int = 2, generated: bool = False) -> Audit:
        exercise_ = exercise(*changes)
        return audit(pool, exercise_, seeds, lambda answers: None, lambda name: None, generated=generated)

    return run


def test_a_sound_exercise_has_no_hole(audited: Audited) -> None:
    found = audited()
    assert found.holes == ()
    assert [test.code for test in found.tests] == ["1.1", "1.2"]
    assert {mutant.name: mutant.caught_by for mutant in found.mutants} == {
        "greatest_only": ("test_spread",),
        "centred_at_the_least": ("test_centred",),
    }


def test_the_margins_are_those_of_the_nearest_mutant_and_the_farthest_variant(audited: Audited) -> None:
    near = "x.max() - x.min() + 0.0005"
    found = audited(
        ("mutants.toml", 'replace = "x.max()"', f'replace = "{near}"'),
        ("variants", "(x[-1] - x[0]).float()", "(x[-1] - x[0]).float() + 0.000005"),
    )
    assert found.holes == ()
    assert found.nearest is not None and found.farthest is not None
    assert (found.nearest.answer, found.nearest.test) == ("greatest_only", "test_spread")
    assert (found.farthest.answer, found.farthest.test) == ("sorted", "test_spread")
    # The spread of twenty standard normal values is near 4, and 1e-5 + 1.3e-6 * 4 is allowed.
    assert 20 < found.nearest.error < 50
    assert 0.2 < found.farthest.error < 0.5


BROKEN = {
    "a stub that passes": (
        [("student_template/SLUG/tiny.py", 'raise NotImplementedError("Task 1.1")', "return x.max() - x.min()")],
        "student_template/{slug}/tiny.py: the stub passes test_spread. Have the stub raise NotImplementedError",
    ),
    "a variant that fails": (
        [("variants", "x[-1] - x[0]", "x[-1] + x[0]")],
        "reference/{slug}/variants/sorted fails test_spread on 2 of 2 attempts, the first of them 1: The value",
    ),
    "a reference that fails": (
        [("hidden", "compare.close(student.spread(x), reference.spread(x))", "compare.close(student.spread(x), 3.5)")],
        "reference/{slug}/tiny.py fails test_spread on 2 of 2 attempts",
    ),
    "a test that breaks": (
        [("hidden", "x = draw.normal(20)\n    compare.close(student.spread", "compare.close(student.spread")],
        "assignments/{slug}/hidden: test_spread breaks on the reference, on attempt 1: NameError",
    ),
    "a mutant that is not caught where it says": (
        [("mutants.toml", '["test_spread"]', '["test_spread", "test_centred"]')],
        "reference/{slug}/mutants.toml: mutant 'greatest_only' passes test_centred on attempt 1, which its caught_by",
    ),
    "a test that is none": (
        [("mutants.toml", '["test_spread"]', '["test_spread", "test_centered"]')],
        "names 'test_centered', which is no hidden test. Did you mean 'test_centred'? Correct the name.",
    ),
    "a test that no mutant needs": (
        [("mutants.toml", '"test_centred"', '"test_spread"')],
        "reference/{slug}/mutants.toml: no mutant needs test_centred. Add one",
    ),
    "a test that looks at a shape": (
        [
            (
                "hidden",
                "compare.close(student.centred(x), reference.centred(x))",
                "compare.shape(student.centred(x), (20,))",
            )
        ],
        "assignments/{slug}/hidden: test_centred passes where every function answers with zeros or ones or NaN",
    ),
    "a test that the input passes": (
        [
            (
                "hidden",
                "x = draw.normal(20)\n    compare.close(student.centred",
                "x = draw.normal(20)\n    x = x - x.mean()\n    compare.close(student.centred",
            )
        ],
        'Have it look at a value that this is not, or mark it @pytest.mark.allow("input", reason=…).',
    ),
    "an answer among the arguments": (
        [
            ("hidden", "student.centred(x)", "student.centred(x, reference.centred(x))"),
            ("reference/SLUG/tiny.py", "def centred(x)", "def centred(x, *rest)"),
            ("variants", "def centred(x)", "def centred(x, *rest)"),
        ],
        "test_centred sends its answer to the worker: argument[1] in the call of centred is the answer.",
    ),
    "an answer in another order": (
        [
            ("hidden", "student.centred(x)", "student.centred(x, reference.centred(x).flip(0))"),
            ("reference/SLUG/tiny.py", "def centred(x)", "def centred(x, *rest)"),
            ("variants", "def centred(x)", "def centred(x, *rest)"),
        ],
        "argument[1] in the call of centred holds the answer in another order. Send less, or mark it",
    ),
    "a needless permission": (
        [("hidden", "def test_spread", '@pytest.mark.allow("zeros", "argument", reason="It may.")\ndef test_spread')],
        "test_spread allows 'zeros', and an audit finds no such thing in it. Take it out of the mark.",
    ),
    "a missing handout": ([("handout.md", "", None)], "assignments/{slug}/handout.md is missing. Write it: the task,"),
    "a missing stub": ([("student_template/SLUG/tiny.py", "", None)], "student_template/{slug}/tiny.py is missing."),
    "a task without a hint": (
        [("hints.md", "Look at both ends.\n", "")],
        "assignments/{slug}/hints.md has no hint for task 1. Write a section `## Task 1`.",
    ),
    "no variants": ([("variants", "", None)], "reference/{slug}/variants has no variant, so nothing shows"),
    "no mutants": ([("mutants.toml", "", None)], "reference/{slug}/mutants.toml has no mutants, so nothing shows"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_hole_is_named_with_its_file_and_what_to_do(audited: Audited, what: str) -> None:
    changes, words = BROKEN[what]
    found = audited(*changes)
    assert any(words.replace("{slug}", found.slug) in hole for hole in found.holes), found.holes


def test_what_is_allowed_with_a_reason_is_no_hole(audited: Audited) -> None:
    kinds = '"zeros", "ones", "nan", "infinity", "input"'
    found = audited(
        (
            "hidden",
            "compare.close(student.centred(x), reference.centred(x))",
            "compare.shape(student.centred(x), (20,))",
        ),
        ("hidden", "def test_centred", f'@pytest.mark.allow({kinds}, reason="It is about shapes.")\ndef test_centred'),
        ("mutants.toml", 'replace = "x - x.min()"', 'replace = "x.mean()"'),
    )
    assert found.holes == ()


CANNOT_BE_GRADED = {
    "a reference that cannot be imported": (
        ("reference/SLUG/tiny.py", "def spread(x)", "import nothing_of_this_name\n\n\ndef spread(x)"),
        r"tiny.py: the reference cannot be imported: ModuleNotFoundError: .* Correct it there\.",
    ),
    "points without tests": (
        ("assignment.toml", "points = 2", 'points = 2\n\n[[tasks]]\nnumber = 2\ntitle = "More"\npoints = 3'),
        r"assignment.toml: task 2 has 3 points, and its hidden tests add up to 0\. Make them agree\.",
    ),
    "a task without points": (("assignment.toml", "points = 2", "points = 0"), r"tasks must each have points above 0"),
    "a suite without tests": (("hidden", "def test_", "def no_test_"), r"has no tests\. Write one there\."),
    "a mutant without a hint": (
        ("mutants.toml", 'hint = "Try values below zero."\n', ""),
        r"mutants.toml: mutant 'greatest_only': Object missing required field `hint`",
    ),
    "a mutant with an empty hint": (
        ("mutants.toml", "Try values below zero.", ""),
        r"mutants.toml: hint of mutant 'greatest_only' is empty\. Write what to tell them, without the answer\.",
    ),
    "a mutant that nothing catches": (
        ("mutants.toml", '["test_spread"]', "[]"),
        r"caught_by of mutant 'greatest_only' is empty\. Name the hidden tests that must fail on it\.",
    ),
    "a permission without a reason": (
        ("hidden", "def test_spread", '@pytest.mark.allow("zeros")\ndef test_spread'),
        r"the test test_spread allows something without a reason\. Write allow\(…, reason=",
    ),
    "a permission for what is not known": (
        ("hidden", "def test_spread", '@pytest.mark.allow("zero", reason="It may.")\ndef test_spread'),
        r"allows 'zero'; what can be allowed is: zeros, ones, nan",
    ),
    "a stub that is no Python": (
        ("student_template/SLUG/tiny.py", "def spread(x)", "def spread(x"),
        r"student_template/.*/tiny.py: the stub could not even be handed in: ",
    ),
}


@pytest.mark.parametrize("what", CANNOT_BE_GRADED)
def test_an_exercise_that_cannot_be_graded_says_why(audited: Audited, what: str) -> None:
    change, words = CANNOT_BE_GRADED[what]
    with pytest.raises(AssignmentError, match=words):
        audited(change)


WEAK = (
    "hidden",
    "compare.close(student.spread(x), reference.spread(x))",
    "x = x - x.min()\n    compare.close(student.spread(x), reference.spread(x))",
)
"""All values are above zero, and the least is zero."""


def test_a_generated_mutant_that_survives_is_a_hole_with_its_diff(audited: Audited) -> None:
    found = audited(WEAK, ("mutants.toml", 'replace = "x.max()"', 'replace = "x.mean()"'), generated=True)
    assert found.generated is not None
    survivors = {survivor.change: survivor for survivor in found.generated.survivors}
    assert "only `x.max()` is left of its term" in survivors
    gone = survivors["only `x.max()` is left of its term"]
    assert gone.function == "spread" and "+    return x.max()" in gone.diff
    (hole,) = [hole for hole in found.holes if gone.id in hole]
    assert f"hidden: nothing notices the generated mutant {gone.id}, where in spread only `x.max()` is left" in hole
    assert hole.endswith(f'write into reference/{found.slug}/equivalent.toml why it is no mistake: {gone.id} = "…".')
    assert 0 < found.generated.killed < found.generated.made
    assert found.generated.score == found.generated.killed / found.generated.made


def test_a_strong_suite_kills_every_generated_mutant(audited: Audited) -> None:
    found = audited(generated=True)
    assert found.holes == ()
    assert found.generated is not None and found.generated.score == 1
    assert found.generated.made == found.generated.killed >= 6


def test_an_equivalent_mutant_with_a_reason_is_no_hole(pool: Pool, exercise: Exercise) -> None:
    assignment = exercise(
        ("reference/SLUG/tiny.py", "x.mean()", "x.mean(dim=0)"), ("mutants.toml", "x.mean()", "x.mean(dim=0)")
    )
    found = audit(pool, assignment, 1, lambda answers: None, lambda name: None)
    assert found.generated is not None and len(found.holes) == len(found.generated.survivors) > 0
    lines = [f'{survivor.id} = "The values have one dimension."' for survivor in found.generated.survivors]
    assignment.reference.with_name("equivalent.toml").write_text("\n".join(lines), encoding="utf-8")
    again = audit(pool, assignment, 1, lambda answers: None, lambda name: None)
    assert again.holes == ()
    assert again.generated is not None and again.generated.score == 1
    assert again.generated.equivalent == len(lines)


def test_an_equivalent_mutant_that_is_gone_or_killed_is_a_hole(pool: Pool, exercise: Exercise) -> None:
    assignment = exercise()
    source = assignment.reference.read_text(encoding="utf-8")
    killed = next(mutant.id for mutant in generate(source, "tiny.py"))
    path = assignment.reference.with_name("equivalent.toml")
    path.write_text(f'{killed} = "So it seemed."\n0000000000 = "It was."\n', encoding="utf-8")
    found = audit(pool, assignment, 1, lambda answers: None, lambda name: None)
    where = f"reference/{assignment.slug}/equivalent.toml"
    assert set(found.holes) == {
        f"{where}: the mutant {killed} fails a test, so it is no equivalent. Take it out.",
        f"{where}: 0000000000 is the id of no generated mutant any more. Take it out.",
    }


@pytest.mark.parametrize(("text", "words"), [('a1 = " "', "a1 has no reason"), ("a1 = 3", "Write a line for each")])
def test_an_equivalent_mutant_without_a_reason_is_refused(
    pool: Pool, exercise: Exercise, text: str, words: str
) -> None:
    assignment = exercise()
    assignment.reference.with_name("equivalent.toml").write_text(text, encoding="utf-8")
    with pytest.raises(AssignmentError, match=words):
        audit(pool, assignment, 1, lambda answers: None, lambda name: None)


def test_a_mutant_that_never_ends_is_killed_by_small_limits(audited: Audited) -> None:
    """`while True` takes the call's limit, which is a little more than the reference took, and not the ten seconds."""
    loop = "def spread(x):\n    step = 1\n    while step < 3:\n        step += 1\n    return x.max() - x.min()"
    old = "def spread(x):\n    return x.max() - x.min()"
    found = audited(("reference/SLUG/tiny.py", old, loop), generated=True, seeds=1)
    assert found.generated is not None
    changes = {survivor.change for survivor in found.generated.survivors}
    assert "`step += 1` is left out" not in changes


def test_no_mutant_is_generated_where_the_reference_fails(audited: Audited) -> None:
    found = audited(
        ("hidden", "compare.close(student.spread(x), reference.spread(x))", "compare.close(student.spread(x), 3.5)"),
        generated=True,
    )
    assert found.holes != () and found.generated is None
