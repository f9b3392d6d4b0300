"""Grading on a real GPU: the same statuses as simulated, and limits that hold. `make gpu` runs these."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from autograder.assemble import Job
from autograder.assignment import Assignment, load, parse_size
from autograder.authoring.mutants import load_mutants
from autograder.grading import Pool, confined_pool
from autograder.result import Result, Status
from autograder.sandbox import gpu
from autograder.submission import Submission, receive

pytestmark = pytest.mark.gpu

ROOT = Path(__file__).parents[2]
SECRET = b"the secret of the tests on a GPU"
RIGHT = (ROOT / "tests/golden/course/reference/basics/basics.py").read_text(encoding="utf-8")
ON_GPU = "test_shift[cuda]"


@pytest.fixture(scope="module")
def exercise() -> Assignment:
    return load(ROOT, "gpu_move")


@pytest.fixture(scope="module")
def small() -> Assignment:
    return load(ROOT / "tests/golden/course", "basics")


@pytest.fixture(scope="module")
def pool(exercise: Assignment, small: Assignment) -> Iterator[Pool]:
    """Two slots on the first GPU."""
    memory = parse_size(exercise.limits.gpu_memory)
    seats = gpu.seats(gpu.find()[:1], memory, per_gpu=2, cores=2)
    with closing(confined_pool([exercise, small], SECRET, 2, seats)) as pool:
        yield pool


@pytest.fixture(scope="module")
def simulated(exercise: Assignment) -> Iterator[Pool]:
    with closing(confined_pool([exercise], SECRET, 2)) as pool:
        yield pool


def submission(source: str, folder: Path, module: str, student: str = "") -> Submission:
    path = folder / f"{module}.py"
    path.write_text(source, encoding="utf-8")
    return receive(path, module, student or folder.name)


def statuses(result: Result) -> dict[str, Status]:
    assert result.error == "", result.error
    return {test.id: test.status for test in result.tests}


def test_every_mutant_and_variant_ends_on_hardware_as_it_does_simulated(
    exercise: Assignment, pool: Pool, simulated: Pool, tmp_path: Path
) -> None:
    answers = {"reference": exercise.reference.read_text(encoding="utf-8")}
    answers |= {mutant.name: mutant.source for mutant in load_mutants(ROOT, exercise.slug)}
    jobs = []
    for name, source in answers.items():
        (tmp_path / name).mkdir()
        jobs.append(Job(exercise, submission(source, tmp_path / name, exercise.module), 1))
    for folder in sorted((ROOT / "reference/gpu_move/variants").iterdir()):
        jobs.append(Job(exercise, receive(folder, exercise.module), 1))
    real = {result.submission.student: result for result in pool.grade_many(jobs)}
    pretended = {result.submission.student: result for result in simulated.grade_many(jobs)}
    assert {test.device for test in real["reference"].tests} >= {"cuda"}
    assert real["reference"].environment.gpu
    different = {name: (statuses(real[name]), statuses(pretended[name])) for name in real}
    assert {name: both for name, both in different.items() if both[0] != both[1]} == {}


CASES = {
    "takes_all_memory": (
        "def shift(x):\n    hoard = [torch.ones(2**28, device=x.device) for _ in range(10**6)]\n    return x\n",
        {Status.OUT_OF_MEMORY},
    ),
    "takes_all_memory_behind_pytorchs_back": (
        "import ctypes, glob, time\n"
        "def shift(x):\n"
        "    if x.device.type == 'cuda':\n"
        "        cuda, place = ctypes.CDLL('libcuda.so.1'), ctypes.c_void_p()\n"
        "        while cuda.cuMemAlloc_v2(ctypes.byref(place), ctypes.c_size_t(2**28)) == 0:\n"
        "            time.sleep(0.01)\n"
        "        time.sleep(2)\n"
        "    return x + 1\n",
        {Status.OUT_OF_MEMORY},
    ),
    "kernel_that_never_ends": (
        "def shift(x):\n    if x.device.type == 'cuda':\n        torch.cuda._sleep(10**15)\n    return x + 1\n",
        {Status.TIMED_OUT},
    ),
    "device_assert": (
        "def shift(x):\n    return x[torch.full((20,), 1000, device=x.device)] + 1\n",
        {Status.RAISED, Status.CRASHED},
    ),
    "daemon_with_a_context": (
        "import os, time\n"
        "def shift(x):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        time.sleep(600)\n"
        "    return x + torch.ones_like(x)\n",
        {Status.PASSED, Status.CRASHED, Status.REFUSED},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_harms_the_gpu_costs_its_own_test_and_nothing_else(
    name: str, small: Assignment, pool: Pool, tmp_path: Path
) -> None:
    source, allowed = CASES[name]
    bad = submission(
        RIGHT.replace("def shift(x):\n    return x + torch.ones_like(x)\n", source), tmp_path, "basics", name
    )
    (tmp_path / "right").mkdir()
    right = submission(RIGHT, tmp_path / "right", "basics", "right")
    (result,) = pool.grade_many([Job(small, bad, 1)])
    ended = statuses(result)
    assert ended.pop(ON_GPU) in allowed
    ended.pop("test_shift[cpu]")
    assert set(ended.values()) == {Status.PASSED}
    for after in pool.grade_many([Job(small, right, attempt) for attempt in (1, 2)]):
        assert after.points == small.max_points, after.error
    held = gpu.held_memory(gpu.find()[0])
    assert len(held) <= 4, "of two slots, a worker and a waiting one each"


def test_nobody_reads_what_another_submission_left_in_the_gpus_memory(
    small: Assignment, pool: Pool, tmp_path: Path
) -> None:
    mark = 1234567.0
    writes = f"def shift(x):\n    torch.full((2**28,), {mark}, device=x.device)\n    return x + 1\n"
    reads = (
        "def shift(x):\n"
        f"    found = int((torch.empty(2**28, device=x.device) == {mark}).sum())\n"
        "    assert not found, found\n"
        "    return x + torch.ones_like(x)\n"
    )
    original = "def shift(x):\n    return x + torch.ones_like(x)\n"
    for number, source in enumerate((writes, reads, writes, reads)):
        (tmp_path / str(number)).mkdir()
        one = submission(RIGHT.replace(original, source), tmp_path / str(number), "basics")
        (result,) = pool.grade_many([Job(small, one, 1)])
        if source is reads:
            assert statuses(result)[ON_GPU] is Status.PASSED, result.tests
