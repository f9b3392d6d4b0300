"""A GPU that fails is given up: its work is moved, or owed to the students, and never a 0 or a simulation."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from autograder.assemble import Job
from autograder.assignment import Assignment, load
from autograder.grading import confined_pool
from autograder.sandbox.gpu import Gpu, Seat
from autograder.submission import receive

ROOT = Path(__file__).parents[1]
FAKE = ROOT / "tests/sandbox/fake_nvml"
SECRET = b"0" * 32


def seat(name: str) -> Seat:
    """A place on a GPU that the driver tells of, and that is not there: no worker can compute on it."""
    return Seat(Gpu(uuid=f"GPU-{name}", name="H100", minor=250, memory=80 * 2**30, driver="580"), 2**32)


@pytest.fixture
def _driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    gpus = [{"uuid": f"GPU-{name}", "name": "H100", "total": 2**36, "free": 2**36} for name in "ab"]
    (tmp_path / "nvml.json").write_text(json.dumps({"driver": "580", "cuda": 13000, "gpus": gpus}))
    monkeypatch.setenv("FAKE_NVML", str(tmp_path / "nvml.json"))
    monkeypatch.syspath_prepend(str(FAKE))
    return


@pytest.mark.long
@pytest.mark.usefixtures("_driver")
def test_work_for_gpus_that_all_fail_is_owed_and_other_work_is_done(basics: Assignment) -> None:
    metrics = load(ROOT, "precision_recall_auc")
    for_gpu = Job(basics, receive(ROOT / "tests/golden/course/reference/basics", "basics"), 1)
    for_cpu = Job(metrics, receive(ROOT / "reference/precision_recall_auc/metrics.py", "metrics"), 1)
    with closing(confined_pool([basics, metrics], SECRET, 2, [seat("a"), seat("b")])) as pool:
        assert pool.has_gpu
        results = {result.slug: result for result in pool.grade_many([for_gpu, for_cpu])}
        assert pool.has_gpu, "what is owed is not simulated later either"
        (again,) = pool.grade_many([for_gpu])
    assert results["precision_recall_auc"].points == 10
    for owed in (results["basics"], again):
        assert owed.points is None
        assert owed.tests == ()
        assert "failed: " in owed.error
        assert "cannot use the GPU: " in owed.error, "the worker's own words are told"
        assert owed.error.endswith("Staff must look into it.")
