"""assignment.toml: what an author wrote is read as it stands, or refused by file and key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import Limits, load, parse_size, slugs
from autograder.errors import AssignmentError, UnknownSlug, UsageError

Course = Callable[..., Path]

TESTS = "def test_nothing(): pass\n"


def test_what_is_not_said_has_the_defaults(tiny_course: Course) -> None:
    assignment = load(tiny_course(TESTS), "tiny")
    assert (assignment.title, assignment.module, assignment.max_points) == ("Tiny", "tiny", 1)
    assert (assignment.runtime, assignment.devices, assignment.isolation) == ("torch", ("cpu",), "submission")
    assert assignment.limits == Limits()


def test_an_exercise_can_be_open_to_several_runtimes(tiny_course: Course) -> None:
    assignment = load(tiny_course(TESTS, settings='runtimes = ["jax", "cntk"]'), "tiny")
    assert (assignment.runtime, assignment.runtimes) == ("jax", ("jax", "cntk"))
    one = load(tiny_course(TESTS, settings='runtime = "jax"', slug="one"), "one")
    assert (one.runtime, one.runtimes) == ("jax", ("jax",))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('runtime = "jax"\nruntimes = ["jax", "cntk"]', "runtime and runtimes say the same. Keep runtimes for several"),
        ('runtimes = ["jax", "jax"]', "runtimes must be different"),
        ('runtimes = ["torch", "jax"]\ndevices = ["cuda"]', 'devices may hold "cuda" where the runtime is torch alone'),
    ],
)
def test_runtimes_that_make_no_sense_are_refused(tiny_course: Course, settings: str, words: str) -> None:
    with pytest.raises(AssignmentError) as refused:
        load(tiny_course(TESTS, settings=settings), "tiny")
    assert words in str(refused.value)


def test_what_is_said_is_kept(tiny_course: Course) -> None:
    course = tiny_course(
        TESTS,
        settings='devices = ["cpu", "cuda"]\nisolation = "test"',
        tail='[[tasks]]\nnumber = 2\ntitle = "More"\npoints = 2.5\n[limits]\ncall_seconds = 3\nmemory = "512 MiB"',
    )
    assignment = load(course, "tiny")
    assert (assignment.devices, assignment.isolation, assignment.max_points) == (("cpu", "cuda"), "test", 3.5)
    assert assignment.limits == Limits(call_seconds=3, memory="512 MiB")


def test_the_slug_derives_every_path(tiny_course: Course) -> None:
    course = tiny_course(TESTS)
    assignment = load(course, "tiny")
    assert assignment.hidden == course / "assignments/tiny/hidden"
    assert assignment.reference == course / "reference/tiny/tiny.py"


@pytest.mark.parametrize(
    ("settings", "tail", "words"),
    [
        ('modul = "tiny"', "", "unknown key 'modul'. Did you mean 'module'?"),
        ("", "pionts = 2", "unknown key 'tasks[1].pionts'. Did you mean 'points'?"),
        ("", "[limits]\nmemroy = '1 GiB'", "unknown key 'limits.memroy'. Did you mean 'memory'?"),
        ("", "[limit]\nmemory = '1 GiB'", "unknown key 'limit'. Did you mean 'limits'?"),
        ("devices = ['gpu']", "", 'devices may hold "cpu" and "cuda"'),
        ("devices = []", "", "devices"),
        ("devices = 'cpu'", "", "devices"),
        ("isolation = 'function'", "", 'isolation must be "submission" or "test"'),
        ("", "[limits]\nmemory = '1 GB'", "limits.memory: '1 GB' is not a size; write a number and B, KiB, MiB or GiB"),
        ("", "[limits]\nmemory = '0 MiB'", "limits.memory must be above 0"),
        ("", "[limits]\ncall_seconds = 0", "limits.call_seconds must be above 0"),
        ("", "[limits]\ncall_seconds = -1", "limits.call_seconds must be above 0"),
        ("", "[limits]\ncall_seconds = nan", "limits.call_seconds"),
        ("", "[limits]\ncall_seconds = '5'", "limits.call_seconds"),
        ("", "[limits]\nprocesses = 1.5", "limits.processes"),
        ("", '[[tasks]]\nnumber = 1\ntitle = "Again"\npoints = 1', "tasks must have different numbers"),
        ("", '[[tasks]]\nnumber = 2\ntitle = "Free"\npoints = 0', "tasks must each have points above 0"),
        ("", "[[tasks]]\nnumber = 2\npoints = 1", "title"),
        ("title = 'twice'", "", "is not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_key(tiny_course: Course, settings: str, tail: str, words: str) -> None:
    with pytest.raises(AssignmentError) as failed:
        load(tiny_course(TESTS, settings=settings, tail=tail), "tiny")
    assert "assignments/tiny/assignment.toml" in str(failed.value)
    assert words in str(failed.value)


@pytest.mark.parametrize(
    ("written", "instead", "words"),
    [
        ("format_version = 1", "format_version = 2", "format_version must be 1"),
        ("format_version = 1", "", "format_version"),
        ('module = "tiny"', 'module = "tiny.py"', "module must be a Python identifier"),
        ('title = "Tiny"', "title = 5", "title"),
        ("[[tasks]]", "[tasks]", "tasks"),
        ("format_version = 1", "format_version = 1\n\udcff", "is not valid TOML"),
    ],
)
def test_a_broken_head_is_named(tiny_course: Course, written: str, instead: str, words: str) -> None:
    course = tiny_course(TESTS)
    path = course / "assignments/tiny/assignment.toml"
    path.write_bytes(path.read_text().replace(written, instead).encode(errors="surrogateescape"))
    with pytest.raises(AssignmentError) as failed:
        load(course, "tiny")
    assert words in str(failed.value)


@pytest.mark.parametrize(
    ("missing", "words"),
    [("assignments/tiny/hidden/test_tiny.py", "has no test_*.py"), ("reference/tiny/tiny.py", "reference")],
)
def test_a_missing_part_is_named(tiny_course: Course, missing: str, words: str) -> None:
    course = tiny_course(TESTS)
    (course / missing).unlink()
    with pytest.raises(AssignmentError, match=words.replace("*", r"\*")):
        load(course, "tiny")


@pytest.mark.parametrize("slug", ["tinny", "", "../tiny", "tiny/../tiny", "TINY", ".", "tiny\n"])
def test_an_unknown_slug_is_misuse_and_the_known_ones_are_listed(tiny_course: Course, slug: str) -> None:
    with pytest.raises(UnknownSlug, match="It has: tiny") as failed:
        load(tiny_course(TESTS), slug)
    assert isinstance(failed.value, UsageError)


def test_the_nearest_slug_is_offered(tiny_course: Course, tmp_path: Path) -> None:
    with pytest.raises(UnknownSlug, match=r"Did you mean 'tiny'\?"):
        load(tiny_course(TESTS), "tinny")
    with pytest.raises(UnknownSlug, match="It has no assignments"):
        load(tmp_path / "empty", "tiny")


def test_slugs_are_the_folders_with_an_assignment(tiny_course: Course) -> None:
    course = tiny_course(TESTS)
    (course / "assignments/draft").mkdir()
    (course / "assignments/notes.txt").touch()
    assert slugs(course) == ["tiny"]


@pytest.mark.parametrize(
    ("changed", "suite", "reference"),
    [
        ("assignments/tiny/assignment.toml", True, False),
        ("assignments/tiny/hidden/test_tiny.py", True, False),
        ("assignments/tiny/handout.md", False, False),
        ("reference/tiny/tiny.py", False, True),
    ],
)
def test_digests_change_with_what_decides_a_grade(
    tiny_course: Course, changed: str, suite: bool, reference: bool
) -> None:
    course = tiny_course(TESTS)
    before = load(course, "tiny")
    digests = before.suite_digest, before.reference_digest
    with (course / changed).open("a") as file:
        file.write("\n")
    after = load(course, "tiny")
    assert (after.suite_digest != digests[0], after.reference_digest != digests[1]) == (suite, reference)


@pytest.mark.parametrize(
    ("text", "size"), [("1 B", 1), ("1KiB", 1024), ("1.5 MiB", 3 * 2**19), (" 2 GiB ", 2**31), ("0 B", 0)]
)
def test_a_size_is_a_number_and_a_unit(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "1", "GiB", "1 GB", "1 gib", "-1 GiB", "1e3 B", "1 GiB x", "one GiB"])
def test_what_is_no_size_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match='as in "512 MiB"'):
        parse_size(text)


def test_every_limit_has_a_meaning() -> None:
    assert Limits.meanings().keys() == set(Limits.__struct_fields__)
    assert all(Limits.meanings().values())
