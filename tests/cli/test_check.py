"""`autograder check`: the public tests on a student's own machine, whatever it has."""

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

pytestmark = pytest.mark.door

ROOT = Path(__file__).parents[2]
PLAIN_SYSTEM = Path(__file__).parent / "plain_system"
PROGRAM = [sys.executable, "-c", "from autograder.cli.student import main; main()", "check"]

SETTINGS = """
    format_version = 1
    title = "Tiny"
    module = "tiny"
    devices = ["cpu", "cuda"]

    [[tasks]]
    number = 1
    title = "Adding"
    points = 3

    [limits]
    call_seconds = 60
    output = "1 MiB"
"""
TESTS = '''
    import pytest
    import torch

    pytestmark = pytest.mark.task(1)

    @pytest.mark.hint("Look at the sign.")
    def test_adds(student, compare):
        """Two tensors are added."""
        compare.close(student.add(torch.ones(3), torch.ones(3)), [2.0, 2.0, 2.0], what="the sum")

    @pytest.mark.needs("test_adds")
    def test_stays(student, compare, device):
        """The sum stays on the device."""
        x = student.hold(torch.ones(3), device=device)
        compare.device(student.add(x, x), device, what="the sum")
'''
RIGHT = "def add(a, b):\n    return a + b\n"

ENDS = '''
    import pytest

    pytestmark = pytest.mark.task(1)
    NAMES = ["right", "raises", "loops", "leaves", "dies", "prints", "exits", "asks", "talks", "holds"]

    @pytest.mark.parametrize("name", NAMES)
    def test_end(student, compare, name):
        """It returns 1."""
        compare.close(getattr(student, name)(), 1)
'''
MISBEHAVING = """
    import ctypes, os, sys

    def right(): return 1
    def raises(): raise ValueError("because of 17")
    def loops():
        while True: pass
    def leaves(): os._exit(3)
    def dies(): ctypes.string_at(0)
    def prints():
        while True: print("x" * 1000)
    def exits(): sys.exit("early")
    def asks(): return input("a number, please: ")
    def talks():
        print("on standard output")
        os.write(1, b"on descriptor 1\\n")
        print("on standard error", file=sys.stderr)
        return 2
    def holds(): return {1, 2}
"""

Check = Callable[..., subprocess.CompletedProcess[str]]
Kit = Callable[..., Path]


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    """Write the kit of a tiny exercise into a folder, with an answer, and return the folder."""

    def write(answer: str = RIGHT, tests: str = TESTS, folder: str = "my work/tiny", settings: str = SETTINGS) -> Path:
        place = tmp_path / folder
        place.mkdir(parents=True)
        files = {"assignment.toml": settings, "test_public.py": tests, "tiny.py": answer, "conftest.py": "raise 1"}
        for name, text in files.items():
            (place / name).write_text(textwrap.dedent(text), encoding="utf-8")
        return place

    return write


def environment(system: str = "this", **settings: str) -> dict[str, str]:
    """Return the environment of a command: on this system, or on one without what only Unix has."""
    places = [str(ROOT)] if system == "this" else [str(PLAIN_SYSTEM), str(ROOT)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places), "COLUMNS": "300", **settings}


def check(folder: Path, *arguments: object, system: str = "this", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `autograder check` in a folder, to its end."""
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        cwd=folder,
        env=environment(system, **settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
    )


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("system", ["this", "plain"])
def test_a_right_answer_passes_and_can_be_handed_in(kit: Kit, system: str) -> None:
    done = check(kit(), system=system)
    assert done.returncode == 0, done.stderr
    assert "tiny.py 3 of 3 pass" in squeezed(done.stdout)
    assert "✓ The sum stays on the device. [cuda (simulated)]" in done.stdout
    assert "All 3 public tests pass. The hidden tests look further" in done.stdout
    assert "`autograder submit tiny.py`" in done.stdout
    assert "/ 3" not in done.stdout and "/ 0" not in done.stdout, "a check gives no points"


@pytest.mark.parametrize("system", ["this", "plain"])
def test_a_wrong_value_is_explained_with_what_was_expected(kit: Kit, system: str) -> None:
    done = check(kit("def add(a, b):\n    return a - b\n"), system=system)
    assert done.returncode == 1
    words = squeezed(done.stdout)
    assert "✗ Two tensors are added. A wrong value. The sum is wrong in 3 of 3 elements." in words
    assert "│ at [0] expected 2.0, got 0.0" in words
    assert "Hint: Look at the sign." in words
    assert "It needs “Two tensors are added.” to pass first." in words
    assert 'Next: start with "Two tensors are added", then check again. 2 tests not run yet' in words


def test_each_way_to_end_is_told_with_and_without_a_sandbox(kit: Kit) -> None:
    folder = kit(MISBEHAVING, ENDS, settings=SETTINGS.replace("call_seconds = 60", "call_seconds = 2"))
    confined, unconfined = check(folder), check(folder, system="plain")
    assert confined.returncode == unconfined.returncode == 1
    words = squeezed(confined.stdout)
    for sentence in (
        "1 of 10 pass",
        "`raises` raised ValueError: because of 17 at tiny.py, line 5, in raises",
        "`loops` did not finish within 2 s.",
        "`leaves` ended its process (exit status 3).",
        "`dies` ended its process (signal 11, SIGSEGV).",
        "`prints` printed more than 1 MiB.",
        "`exits` raised SystemExit: early",
        "`asks` raised EOFError",
        "It printed: │ a number, please:",
        "The value that came back is wrong: off by 1",
        "│ on standard output",
        "│ on descriptor 1",
        "│ on standard error",
        "The value that came back is an object of type set",
    ):
        assert sentence in words, sentence
    # How much fits into the pipes before the worker is ended is chance.
    counts = re.compile(r"[\d,]+ (bytes left out|more characters)")
    assert counts.sub("", confined.stdout) == counts.sub("", unconfined.stdout)


def test_it_says_where_nothing_confines_the_code(kit: Kit) -> None:
    folder = kit()
    sentence = "On this machine nothing confines your code; where it is graded, a sandbox does."
    assert sentence in check(folder, system="plain").stderr
    assert sentence not in check(folder).stderr


def test_without_a_sandbox_no_module_is_imported_that_only_unix_has(kit: Kit) -> None:
    done = check(kit(), system="plain", PYTHONPROFILEIMPORTTIME="1")
    imported = set(re.findall(r"\| +(autograder[\w.]*)$", done.stderr, re.MULTILINE))
    assert "autograder.sandbox.portable" in imported
    unix = {"cgroup", "pipe", "selftest", "zygote"}
    assert not imported & {f"autograder.sandbox.{name}" for name in unix}
    assert not imported & {"autograder.intake", "autograder.grading", "autograder.cli.common"}


def test_what_cannot_be_imported_is_told_once(kit: Kit) -> None:
    done = check(kit("import numpi\n", TESTS.replace('@pytest.mark.needs("test_adds")', "")))
    assert done.returncode == 1
    assert done.stdout.count("ModuleNotFoundError: No module named 'numpi'") == 1
    assert "This ended all 3 public tests. Next: mend it, then check again." in done.stdout


def test_a_syntax_error_is_shown_with_its_line(kit: Kit) -> None:
    done = check(kit("def add(a, b:\n"))
    assert done.returncode == 1
    assert "is not valid Python" in done.stderr and "def add(a, b:" in done.stderr
    assert "check again" in done.stderr and "hand in" not in done.stderr


def test_a_value_that_a_test_cannot_work_with_is_a_failure(kit: Kit) -> None:
    tests = 'import pytest\n\n@pytest.mark.task(1)\ndef test_it(student):\n    """It counts."""\n    student.f()["a"]\n'
    done = check(kit("def f():\n    return [1]\n", tests))
    assert done.returncode == 1
    assert "The test could not work with what your code returned" in done.stdout and "TypeError" in done.stdout
    assert 'student.f()["a"]' in done.stdout and "_pytest" not in done.stdout and "plugin.py" not in done.stdout


def test_a_file_in_another_folder_belongs_to_the_exercise_around_it(kit: Kit, tmp_path: Path) -> None:
    folder = kit("raise SystemExit")
    (folder / "tries").mkdir()
    (folder / "tries/second.py").write_text(RIGHT, encoding="utf-8")
    done = check(tmp_path, folder / "tries/second.py")
    assert done.returncode == 0, done.stderr
    assert "second.py 3 of 3 pass" in squeezed(done.stdout)
    assert f'`autograder submit "{folder / "tries/second.py"}"`' in done.stdout


def test_a_notebook_is_checked(kit: Kit) -> None:
    folder = kit("raise SystemExit")
    cells = [{"cell_type": "code", "source": [line], "metadata": {}, "outputs": []} for line in ("%pip list", RIGHT)]
    (folder / "tiny.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}), encoding="utf-8")
    done = check(folder, "tiny.ipynb")
    assert done.returncode == 0, done.stderr
    assert "tiny.ipynb 3 of 3 pass" in squeezed(done.stdout)
    assert "are not run when graded: `%pip list`" in done.stdout


def test_the_file_that_was_changed_last_is_checked(kit: Kit) -> None:
    folder = kit()
    cell = {"cell_type": "code", "source": RIGHT.replace("+", "-"), "metadata": {}, "outputs": []}
    notebook = folder / "tiny.ipynb"
    notebook.write_text(json.dumps({"cells": [cell], "nbformat": 4, "metadata": {}}), encoding="utf-8")
    os.utime(notebook, (2e9, 2e9))
    first = check(folder)
    assert first.returncode == 1
    assert "tiny.ipynb 0 of 3 pass" in squeezed(first.stdout)
    assert "Note: `tiny.py` was left out: `tiny.ipynb` was changed after it." in first.stdout
    os.utime(notebook, (1e9, 1e9))
    second = check(folder)
    assert second.returncode == 0
    assert "Note: `tiny.ipynb` was left out: `tiny.py` is what is graded." in second.stdout


def test_helper_files_are_there_and_are_to_be_handed_in_too(kit: Kit) -> None:
    folder = kit("from helper import add\n")
    (folder / "helper.py").write_text(RIGHT, encoding="utf-8")
    (folder / "inner").mkdir()
    done = check(folder / "inner")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "`autograder submit ..`" in done.stdout
    assert "Note:" not in done.stdout, "what came with the exercise is worth no note"
    assert check(folder, "tiny.py").returncode == 1, "one file is checked as one file is handed in"


@pytest.mark.parametrize("system", ["this", "plain"])
def test_lines_may_end_as_on_windows(kit: Kit, system: str) -> None:
    folder = kit()
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    done = check(folder, system=system)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("system", ["this", "plain"])
def test_a_console_without_unicode_is_written_to(kit: Kit, system: str) -> None:
    folder = kit('def add(a, b):\n    print("grün ☃")\n    raise ValueError("größer ☃")\n')
    settings = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = check(folder, system=system, **settings)
    assert done.returncode == 1
    assert done.stdout.isascii() and "Traceback" not in done.stderr
    assert "raised ValueError: gr\\xf6\\xdfer \\u2603" in done.stdout


def test_settings_for_another_pytest_change_nothing(kit: Kit) -> None:
    assert "3 of 3 pass" in check(kit(), PYTEST_ADDOPTS="-k nothing", PYTEST_PLUGINS="none_such").stdout


@pytest.mark.parametrize("system", ["this", "plain"])
def test_ctrl_c_ends_a_check_and_its_worker(
    kit: Kit,
    system: str,
    my_processes: Callable[[], dict[int, str]],
    wait_for_end: Callable[[Iterable[int]], None],
) -> None:
    folder = kit("def add(a, b):\n    while True: pass\n", settings=SETTINGS.replace("= 60", "= 300"))
    before = set(my_processes())
    started = subprocess.Popen(
        PROGRAM, cwd=folder, env=environment(system), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    busy: set[int] = set()
    deadline = time.monotonic() + 120
    while not busy and time.monotonic() < deadline:
        time.sleep(0.2)
        busy = {number for number in set(my_processes()) - before - {started.pid} if seconds_of(number) > 5}
    running = set(my_processes()) - before
    os.killpg(started.pid, signal.SIGINT)
    _, told = started.communicate(timeout=60)
    assert started.returncode == 130
    assert told.endswith("Stopped.\n") and "Traceback" not in told
    assert len(running) > 1
    wait_for_end(running)


def seconds_of(number: int) -> float:
    """Return the processor time that a process has used: a worker in a loop uses more and more."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_worker_that_cannot_start_is_the_grader_s_fault(kit: Kit, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        'import sys\nsys.modules["pyseccomp"] = None\nsys.executable = "/nowhere/python"\n'
    )
    done = check(kit(), PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert done.returncode == 1
    assert "a worker could not be started" in done.stdout
    assert "3 tests could not be graded: the grader's fault, not yours." in done.stdout
    assert "Traceback" not in done.stderr


def test_misuse_is_explained(kit: Kit, tmp_path: Path) -> None:
    folder = kit()
    bracket = kit(folder="part [1]/tiny")
    incomplete = kit(folder="incomplete")
    (incomplete / "test_public.py").unlink()
    for place, arguments, sentence in (
        (folder, ["missing.py"], "There is no file or folder missing.py. Name your Python file"),
        (tmp_path, [], f"neither {tmp_path} nor a folder above it has an assignment.toml. Go into the folder"),
        (bracket, [], f"The tests in {bracket} cannot be run, because for pytest a `[` or `::`"),
        (incomplete, [], f"{incomplete / 'test_public.py'} is missing, so there is nothing to check your answer with"),
    ):
        done = check(place, *arguments)
        assert done.returncode == 2
        assert sentence in squeezed(done.stderr)
        assert "Traceback" not in done.stderr
