"""What submissions do to the grader, and what they get for it: `attacks/`, `honest/` and `golden/`.

A case is a folder with a submission to the small course `golden/course/` and `expect.toml`, which says how each test
ends that does not pass:

    wall = "Only plain values cross."   what holds an attack, for docs/trust.md
    notes = ["conftest.py"]             what the notes on the submission must mention
    refused = "leaves the folder"       it is not even run, and its student is told this; 0 points

    [test_mean]                         a test that does not pass; `every_test` stands for all that are not named
    status = "timed_out"                or several that are all right, where it is the machine that chooses
    says = ["within 2 s"]               what its explanation must contain
    never_says = ["agent"]              what it must not
    staff = ["no: 50 elements"]         what its detail must contain
    prints = ["still adding"]           what the output that is kept with it must contain

The course's reference is put beside each submission as `right.py`, so that a submission spells out only what is not
right; `attacks/forge.py` is put beside those that import it. A folder `after/` is handed in by somebody else, graded
next in the same slot, and must get full marks. Where files cannot be written down, `build.py` has a function
`build(where, right)`, which makes what is handed in at the path `where` (add an ending for an archive).

All chosen cases are graded by one `grade.py batch`, each between two canaries: a right submission that must always get
the same. With CORPUS_RUNS=3 (`make attacks`) they are graded again in shuffled orders, with one job and with two. With
AUTOGRADER_IMAGE (`make container-test`) they are graded in a container.
"""

import json
import os
import random
import re
import runpy
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.assignment import Assignment
from autograder.result import Result, Status, TestResult, Timings, from_json, to_json

TESTS = Path(__file__).parent
COURSE = TESTS / "golden/course"
CASES = [path.parent for kind in ("golden", "attacks", "honest") for path in (TESTS / kind).glob("*/expect.toml")]
# What would be told of, were it found: in a hidden test, the reference, the judge's environment, a neighbour's file.
PLANTED = {
    "the hidden suite": "canary of the golden course",
    "the reference": "canary of the golden reference",
    "the judge's environment": "canary of the golden environment",
    "a neighbour": "canary of the golden neighbour",
}
RUNS = int(os.environ.get("CORPUS_RUNS", "1"))
SECONDS_OVER = 2.0
IN_IMAGE = (1000, 1000)
"""User and group of the grader in its image."""
RUN_IN_IMAGE = [str(TESTS.parent / "scripts/container-run"), "--security-opt", "unmask=ALL"]
NO_TIMINGS = Timings(started="", seconds=0.0, tests={})


@dataclass
class Batch:
    """One run of `grade.py batch` over cases and canaries."""

    jobs: int
    results: dict[str, Result]
    order: list[str]
    student_pages: dict[str, str]
    printed: str
    status: int
    residue: list[str]
    samples: list[dict[str, int]] = field(default_factory=list)

    def of(self, case: Path) -> Result:
        return self.results[next(name for name in self.order if name.endswith(f"-{case.name}"))]

    def around(self, case: Path) -> list[Result]:
        """The canaries before and after a case, and what its `after/` got."""
        at = next(i for i, name in enumerate(self.order) if name.endswith(f"-{case.name}"))
        after = [name for name in self.order[at + 1 : at + 3] if not name.endswith("-canary")]
        after = [name for name in after if name.endswith(f"-after_{case.name}")]
        canaries = [self.order[at - 1], self.order[at + 1 + len(after)]]
        # With two slots it is not graded after the case, but beside it; docs/trust.md says what the two share.
        return [self.results[name] for name in canaries + (after if self.jobs == 1 else [])]


@pytest.fixture(scope="session")
def batches(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Batch]:
    """Every chosen case, graded once in order, and again in CORPUS_RUNS - 1 other orders."""
    chosen = {item.callspec.params["case"] for item in request.session.items if "case" in _parameters(item)}
    cases = [case for case in CASES if case in chosen]
    base = tmp_path_factory.mktemp("corpus")
    runs = []
    for run in range(RUNS):
        ordered = random.Random(run).sample(cases, len(cases)) if run else cases
        runs.append(_grade(base / str(run), ordered, jobs=1 + run % 2))
    return runs


def _parameters(item: pytest.Item) -> Any:
    callspec = getattr(item, "callspec", None)
    return callspec.params if callspec is not None else ()


def _grade(base: Path, cases: list[Path], jobs: int) -> Batch:
    order = _hand_in(base / "class", cases)
    state = base / "state"
    state.mkdir()
    (state / "secret").write_bytes(b"the secret of the corpus, always the same")
    command = [*_grader(base), "batch", "basics", base / "class", "--jobs", jobs]
    command += ["--course", COURSE, "--state", state, "--json", base / "results.json", "--report", base / "report"]
    environment = {**os.environ, "CANARY": PLANTED["the judge's environment"], "COLUMNS": "300"}
    before = _left_behind()
    process = subprocess.Popen(
        list(map(str, command)), env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    samples: list[dict[str, int]] = []
    watch = threading.Thread(target=_sample, args=(process, samples))
    watch.start()
    printed = process.communicate(timeout=1800)[0]
    watch.join()
    table = json.loads((base / "results.json").read_text())
    results = {entry["submission"]["student"]: from_json(json.dumps(entry)) for entry in table}
    pages = {path.stem: path.read_text() for path in (base / "report/students").glob("*.html")}
    residue = sorted(_left_behind() - before)
    return Batch(jobs, results, order, pages, printed, process.returncode, residue, samples)


def _grader(base: Path) -> list[str | Path]:
    """The command line of `grade.py`: here, or in the image AUTOGRADER_IMAGE, which sees the course and `base`."""
    image = os.environ.get("AUTOGRADER_IMAGE")
    if not image:
        return [sys.executable, TESTS.parent / "grade.py"]
    for path in (base, *base.rglob("*")):
        os.lchown(path, *IN_IMAGE)
    mounts = ["--volume", f"{base}:{base}", "--volume", f"{COURSE}:{COURSE}:ro", "--env", "CANARY", "--env", "COLUMNS"]
    return [*RUN_IN_IMAGE, *mounts, image, "grade.py"]


def _hand_in(folder: Path, cases: list[Path]) -> list[str]:
    """Write the class, and return its students in the order in which they will be graded."""
    right = (COURSE / "reference/basics/basics.py").read_bytes().partition(b"\n")[2]
    order: list[str] = []

    def place(name: str) -> Path:
        order.append(f"{len(order):03}-{name}")
        return folder / order[-1]

    def copy(source: Path, name: str) -> None:
        target = place(name)
        if (source / "build.py").exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            runpy.run_path(str(source / "build.py"))["build"](target, right)
        else:
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("expect.toml", "after"))
            (target / "right.py").write_bytes(right)
            if any(re.search(rb"^from forge import", file.read_bytes(), re.MULTILINE) for file in target.glob("*.py")):
                shutil.copy(TESTS / "attacks/forge.py", target)

    def canary() -> None:
        target = place("canary")
        target.mkdir(parents=True)
        (target / "basics.py").write_text(f"# {PLANTED['a neighbour']}\nfrom right import *\n")
        (target / "right.py").write_bytes(right)

    for case in cases:
        canary()
        copy(case, case.name)
        if (case / "after").is_dir():
            copy(case / "after", f"after_{case.name}")
    canary()
    return order


def _left_behind() -> set[str]:
    """What a submission could leave on this machine: files, shared memory, queues, groups, processes of its user."""
    found = {str(path) for top in ("/tmp", "/var/tmp", "/dev/shm") for path in Path(top).iterdir()}
    found -= {name for name in found if "pytest-of" in name or "bash_jobs" in name}
    for kind in ("shm", "msg", "sem"):
        found.update(Path(f"/proc/sysvipc/{kind}").read_text().splitlines()[1:])
    found.update(str(path) for path in Path("/sys/fs/cgroup").glob("**/autograder-*"))
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if 61184 <= path.stat().st_uid < 65520:
                found.add(f"process {path.name}: {(path / 'cmdline').read_text()[:200]!r}")
        except OSError:
            continue
    return found


def _sample(grader: "subprocess.Popen[str]", samples: list[dict[str, int]]) -> None:
    """Note, a few times a second, what the first slot's judge and zygote hold, until the grader ends."""
    while grader.poll() is None:
        time.sleep(0.2)
        slots = [child for child in _children(grader.pid) if any("bwrap" in _command(one) for one in _children(child))]
        if not slots:
            continue
        zygotes = [one for one in _family(slots[0]) if "_autograder_worker" in _command(one)]
        try:
            samples.append(
                {
                    "judge's descriptors": len(os.listdir(f"/proc/{slots[0]}/fd")),
                    "judge's MiB": _resident(slots[0]),
                    "zygote's descriptors": len(os.listdir(f"/proc/{min(zygotes)}/fd")) if zygotes else 0,
                    "zygote's MiB": _resident(min(zygotes)) if zygotes else 0,
                    "processes": len(_family(slots[0])),
                }
            )
        except OSError:
            continue


def _children(number: int) -> list[int]:
    try:
        return list(map(int, Path(f"/proc/{number}/task/{number}/children").read_text().split()))
    except OSError:
        return []


def _family(number: int) -> list[int]:
    found = [number]
    for one in found:
        found += _children(one)
    return found


def _command(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _resident(number: int) -> int:
    return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") // 2**20


def _marked(case: Path) -> Any:
    marks = [pytest.mark.attack(case.name.partition("_")[0])] if case.parent.name == "attacks" else []
    return pytest.param(case, id=f"{case.parent.name}/{case.name}", marks=marks)


@pytest.mark.parametrize("case", [_marked(case) for case in CASES])
def test_case(case: Path, batches: list[Batch], basics: Assignment) -> None:
    expected = tomllib.loads((case / "expect.toml").read_text(encoding="utf-8"))
    for batch in batches:
        result = batch.of(case)
        _check_endings(result, dict(expected))
        _check_nothing_leaks(batch, result)
        _check_canaries(batch, case, basics)
        _check_times(result, basics)
    first, *others = [_verdict(batch.of(case)) for batch in batches]
    assert all(other == first for other in others), "the same in any order, alone and in company"


def _check_endings(result: Result, expected: dict[str, Any]) -> None:
    assert expected.pop("wall", "…"), "a wall is named in words"
    for note in expected.pop("notes", []):
        assert any(note in line for line in result.submission.notes), result.submission.notes
    refused = expected.pop("refused", None)
    if refused is not None:
        assert refused in result.error, result.error
        assert result.points == 0 and not result.tests
        return
    assert result.error == "" and result.valid
    every = expected.pop("every_test", None)
    wanted = ({test.id: every for test in result.tests} if every else {}) | expected
    ended = {test.id: test for test in result.tests if test.status is not Status.PASSED}
    assert ended.keys() == wanted.keys(), {name: (test.status, test.explanation) for name, test in ended.items()}
    for name, ending in wanted.items():
        allowed = ending["status"] if isinstance(ending["status"], list) else [ending["status"]]
        assert ended[name].status in allowed, (name, ended[name].status, ended[name].explanation, ended[name].detail)
        _check_words(ended[name], ending)
    # The judge counts: what did not pass gives nothing, and everything else its points.
    assert result.points == sum(test.max_points for test in result.tests if test.id not in wanted)


def _check_words(test: TestResult, ending: dict[str, Any]) -> None:
    for words in ending.get("says", []):
        assert words in test.explanation
    for words in [*ending.get("never_says", []), "_autograder_worker"]:
        assert words not in test.explanation
    for words in ending.get("staff", []):
        assert words in test.detail
    for words in ending.get("prints", []):
        assert words in test.output
    assert test.explanation, "a student is told why"
    assert len(test.explanation) <= 1000
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", test.explanation + test.output), "no control characters"


def _check_nothing_leaks(batch: Batch, result: Result) -> None:
    (page,) = [page for name, page in batch.student_pages.items() if name.startswith(result.submission.student)]
    for place, words in PLANTED.items():
        assert words not in page, place
        assert all(words not in test.explanation + test.hint + test.output for test in result.tests), place


def _check_canaries(batch: Batch, case: Path, basics: Assignment) -> None:
    before, behind, *after = batch.around(case)
    for canary in (before, behind, *after):
        assert canary.points == basics.max_points, [(test.id, test.explanation) for test in canary.tests]
    assert _same_for_all(before) == _same_for_all(behind), "a neighbour's result is the same to the byte"


def _same_for_all(result: Result) -> bytes:
    submission = msgspec.structs.replace(result.submission, student="")
    return to_json(msgspec.structs.replace(result, submission=submission, timings=NO_TIMINGS))


def _check_times(result: Result, basics: Assignment) -> None:
    # A test whose worker ended before has to wait for a new one, and for what that imports.
    limit = basics.limits.import_seconds + 2 * basics.limits.call_seconds + SECONDS_OVER
    late = {name: seconds for name, seconds in result.timings.tests.items() if seconds > limit}
    assert not late


def _verdict(result: Result) -> Any:
    error = result.error.replace(result.submission.student, "…")  # which holds its place in the order
    return result.points, error, [(test.id, test.points) for test in result.tests]


# Of the catalogue of attacks that this course of cases follows, those that cannot be tried on this machine, and why.
NOT_HERE = {
    "need a GPU": "O01 O03 O05 O07 O08 O09 O10 O11 O12 O15 O16 O18 O19 O21 O23 O24",
    "aim at what is not there (TeX, a language model, compression, sockets)": "N06 N09 G12 F11",
    "aim at the suite's author (an argument that holds the answer, sorted labels)": "C18 D16",
}


@pytest.mark.parametrize(
    ("identity", "reason"),
    [
        pytest.param(identity, reason, id=identity, marks=pytest.mark.attack(identity))
        for reason, identities in NOT_HERE.items()
        for identity in identities.split()
    ],
)
def test_what_cannot_be_tried_here(identity: str, reason: str) -> None:
    assert not list((TESTS / "attacks").glob(f"{identity}_*")), "it is tried after all"
    pytest.skip(reason)


def test_the_batch_ends_as_it_should(batches: list[Batch]) -> None:
    for batch in batches:
        assert batch.status == 0, batch.printed
        assert "Traceback" not in batch.printed
        assert batch.results.keys() == set(batch.order), "everybody has a result, once"


def test_nothing_is_left_on_the_machine(batches: list[Batch]) -> None:
    for batch in batches:
        assert batch.residue == []


def test_judge_and_zygote_hold_in_the_end_what_they_held_in_the_beginning(batches: list[Batch]) -> None:
    samples = [sample for sample in batches[0].samples if sample["zygote's MiB"]]
    if len(samples) < 60:
        pytest.skip("too few cases were chosen to see anything grow")
    third = len(samples) // 3
    for what in samples[0]:
        # The first third teaches both what they will need: libraries on demand, the control run.
        early = sorted(sample[what] for sample in samples[third : 2 * third])
        late = sorted(sample[what] for sample in samples[2 * third :])
        # What large frames leave in the allocator's hands comes on top, and does not grow.
        allowed = 1.05 * early[len(early) // 2] + (32 if "MiB" in what else 2)
        assert late[len(late) // 2] <= allowed, f"{what}: {early} … {late}"
