"""Whatever is killed, and whoever else grades: every submission has one result in the end, the same to the byte."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SUBMISSIONS = 200
KILLS = Counter({"worker": 8, "init": 3, "zygote": 3, "slot": 2, "grader": 3})

Processes = Callable[[], dict[int, str]]

SUITE = """
    pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]

    def test_double(student, draw, compare):
        '''Each element is doubled.'''
        x = draw.normal(9)
        compare.close(student.double(x), 2 * x)

    def test_half(student, draw, compare):
        '''Each element is halved.'''
        x = draw.normal(9)
        compare.close(student.half(x), x / 2)

    def test_handles(student, draw, compare):
        '''A counter counts.'''
        counter = student.Counter()
        for _ in range(3):
            counter.step()
        compare.equal(counter.value(), 3)
"""
RIGHT = """
def double(x):
    return 2 * x

def half(x):
    return x / 2

class Counter:
    def __init__(self):
        self.count = 0
    def step(self):
        self.count += 1
    def value(self):
        return self.count
"""
ENDINGS = (
    "",
    "def double(x): return x",
    "def half(x): raise ValueError('no half')",
    "import os\ndef half(x): os._exit(3)",
    "def double(x): return [1.0] * 8",
    "import time\ndef half(x):\n    time.sleep(0.2)\n    return x / 2",
    "import os, signal\ndef double(x): os.kill(os.getpid(), signal.SIGKILL)",
    "raise RuntimeError('not today')",
)


@pytest.fixture
def course(tiny_course: Callable[..., Path]) -> Path:
    return tiny_course(SUITE, RIGHT, points=3)


@pytest.fixture
def large_class(tmp_path: Path, hand_in: Callable[..., Path]) -> Path:
    for number in range(SUBMISSIONS):
        ending = ENDINGS[number % len(ENDINGS)]
        hand_in(tmp_path / "class", f"student{number:03}", f"{RIGHT}\n{ending}\n# {number}\n", "tiny.py")
    return tmp_path / "class"


def start(course: Path, folder: Path, state: Path, results: Path, jobs: int = 2) -> "subprocess.Popen[str]":
    command = [sys.executable, str(ROOT / "grade.py"), "batch", "tiny", str(folder), "--course", str(course)]
    command += ["--state", str(state), "--json", str(results), "--jobs", str(jobs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def known_secret(state: Path) -> Path:
    state.mkdir()
    (state / "secret").write_bytes(b"the secret of a course that loses nothing")
    return state


def verdicts(results: Path) -> dict[str, Any]:
    table = {entry["submission"]["student"]: entry for entry in json.loads(results.read_text())}
    for entry in table.values():
        del entry["timings"]
    return table


def counted(state: Path) -> Counter[str]:
    with closing(sqlite3.connect(state / "attempts.sqlite")) as database:
        return Counter(student for (student,) in database.execute("SELECT student FROM attempts"))


def victims(processes: dict[int, str], grader: int) -> dict[str, list[int]]:
    """Sort the grader's descendants by what they are."""
    parents = {}
    for number in processes:
        try:
            parents[number] = int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    python = {n for n, command in processes.items() if "_autograder_worker" in command and "bwrap" not in command[:40]}
    zygotes = {n for n in python if parents.get(n) not in python}
    inits = {n for n in python if parents.get(n) in zygotes}
    workers = {n for n in python if parents.get(n) in inits}
    slots = [n for n, command in processes.items() if "spawn_main" in command]
    kinds = {"worker": workers, "init": inits, "zygote": zygotes, "slot": slots, "grader": [grader]}
    return {kind: sorted(numbers) for kind, numbers in kinds.items()}


@pytest.mark.attack("P01")
def test_kills_at_random_moments_change_nothing(
    course: Path, large_class: Path, tmp_path: Path, my_processes: Processes
) -> None:
    calm, stormy = known_secret(tmp_path / "calm"), known_secret(tmp_path / "stormy")
    undisturbed = start(course, large_class, calm, tmp_path / "calm.json")
    said = undisturbed.communicate(timeout=240)
    assert undisturbed.returncode == 0, said

    chance, left, runs = random.Random(3), Counter(KILLS), 0
    grader = start(course, large_class, stormy, tmp_path / "stormy.json")
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        time.sleep(chance.uniform(0.05, 0.5))
        if grader.poll() is not None:
            printed = grader.communicate()
            if grader.returncode != -signal.SIGKILL:
                break
            runs += 1
            grader = start(course, large_class, stormy, tmp_path / "stormy.json")
            continue
        kind = chance.choice(sorted(+left) or ["nobody"])
        numbers = victims(my_processes(), grader.pid).get(kind, [])
        # Of the grader only once it has begun, and not so often that nothing gets done.
        if numbers and (kind != "grader" or (stormy / "attempts.sqlite").exists()):
            left[kind] -= 1
            try:
                os.kill(chance.choice(numbers), signal.SIGKILL)
            except ProcessLookupError:
                left[kind] += 1
    assert grader.returncode == 0, printed
    assert runs == KILLS["grader"]
    assert sum((+left).values()) <= 3, f"the storm was over too soon: {+left}"
    assert verdicts(tmp_path / "stormy.json") == verdicts(tmp_path / "calm.json")
    assert counted(stormy) == counted(calm) == {f"student{number:03}": 1 for number in range(SUBMISSIONS)}


@pytest.mark.attack("P05")
def test_two_graders_at_once_do_not_meet(course: Path, large_class: Path, tmp_path: Path) -> None:
    for path in sorted(large_class.iterdir())[40:]:
        shutil.rmtree(path)
    graders = []
    for name in ("one", "two"):
        state = known_secret(tmp_path / name)
        graders.append(start(course, large_class, state, tmp_path / f"{name}.json", jobs=1))
    shared = known_secret(tmp_path / "shared")
    graders += [start(course, large_class, shared, tmp_path / f"shared{number}.json", jobs=1) for number in range(2)]
    for grader in graders:
        printed = grader.communicate(timeout=240)
        assert grader.returncode == 0, printed
    tables = [verdicts(tmp_path / f"{name}.json") for name in ("one", "two", "shared0", "shared1")]
    assert len(tables[0]) == 40
    assert all(table == tables[0] for table in tables), "also where they share a store"


@pytest.mark.attack("P02")
def test_a_full_disk_ends_in_one_sentence_with_the_grades_safe(course: Path, large_class: Path, tmp_path: Path) -> None:
    for path in sorted(large_class.iterdir())[60:]:
        shutil.rmtree(path)
    # A file system of its own that holds a few results and no more, which only root can make without help.
    state = known_secret(tmp_path / "state")
    small = ["bwrap", "--dev-bind", "/", "/", "--size", str(96 * 1024), "--tmpfs", str(state)]
    script = f"{sys.executable} {ROOT / 'grade.py'} batch tiny {large_class} --course {course} --state {state} --jobs 1"
    script += f"; echo status $?; cp {state}/attempts.sqlite {tmp_path}/saved.sqlite"
    done = subprocess.run([*small, "/bin/sh", "-c", script], capture_output=True, text=True, timeout=240)
    assert "status 1" in done.stdout, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1
    assert "could not be stored" in lines[0] and "free some space and run the same command again" in lines[0]
    with closing(sqlite3.connect(tmp_path / "saved.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert 0 < database.execute("SELECT count(*) FROM attempts").fetchone()[0] < 60


@pytest.mark.attack("P04")
@pytest.mark.parametrize("option", ["--report", "--json"])
def test_a_report_that_cannot_be_written_costs_no_grade(
    option: str, course: Path, large_class: Path, tmp_path: Path
) -> None:
    for path in sorted(large_class.iterdir())[3:]:
        shutil.rmtree(path)
    state = known_secret(tmp_path / "state")
    # /proc takes no files from anybody.
    command = [sys.executable, str(ROOT / "grade.py"), "batch", "tiny", str(large_class), "--course", str(course)]
    command += ["--state", str(state), option, "/proc/report" if option == "--report" else "/proc/report.json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "student000" in done.stdout, "the table is printed first"
    assert sum(counted(state).values()) == 3
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ") and "/proc/report" in last
