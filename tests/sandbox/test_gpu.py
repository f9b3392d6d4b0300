"""What is found out about GPUs, from a management library that answers as NVIDIA's does. No GPU is needed, or used."""

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import GpuUnavailable
from autograder.sandbox import gpu
from autograder.sandbox.bubblewrap import likely_recipe
from autograder.sandbox.gpu import CONTEXT_BYTES, Gpu, Seat
from autograder.sandbox.gpu_watch import GpuWatch

GIB = 2**30
FAKE = Path(__file__).parent / "fake_nvml/pynvml.py"

Machine = Callable[..., None]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """Have the driver tell of GPUs; without one, there is no driver."""
    spec = importlib.util.spec_from_file_location("pynvml", FAKE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, "pynvml", module)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(gpu, "_cuda_of_torch", lambda: (13, 0))
    gpu._nvml.cache_clear()

    def describe(*gpus: dict[str, Any], cuda: int = 13000, driver: str = "580.65.06") -> None:
        told = {"driver": driver, "cuda": cuda, "gpus": gpus}
        (tmp_path / "nvml.json").write_text(json.dumps(told), encoding="utf-8")
        monkeypatch.setenv("FAKE_NVML", str(tmp_path / "nvml.json"))

    yield describe
    gpu._nvml.cache_clear()


@pytest.fixture
def sleeper() -> Iterator[Callable[[], int]]:
    """Start a process of ours that does nothing, and return its number."""
    running: list[subprocess.Popen[bytes]] = []

    def start() -> int:
        running.append(subprocess.Popen(["sleep", "60"]))
        return running[-1].pid

    yield start
    for process in running:
        process.kill()
        process.wait()


def alive(*processes: int) -> list[bool]:
    """Which of our processes run, and are not only waiting to be reaped?"""
    return [Path(f"/proc/{process}/stat").read_text().split()[2] != "Z" for process in processes]


def watched(machine: Machine, **held: int) -> GpuWatch:
    """A watch over this process's children, and over what the driver says that they hold, by their number."""
    machine(one("a", **held))
    seat = Seat(gpu.find()[0], worker_bytes=CONTEXT_BYTES + 1000)
    return GpuWatch(seat, os.getpid())


def test_who_holds_more_of_a_gpu_than_a_worker_may_is_killed(machine: Machine, sleeper: Callable[[], int]) -> None:
    much, little = sleeper(), sleeper()
    watch = watched(machine, **{str(much): CONTEXT_BYTES + 1001, str(little): CONTEXT_BYTES})
    watch.look()
    watch.close()
    wait_for(lambda: alive(much, little) == [False, True])
    assert watch.take_kills() >= 1
    assert watch.take_kills() == 0


def test_those_who_hold_too_much_together_are_killed(machine: Machine, sleeper: Callable[[], int]) -> None:
    several = [sleeper() for _ in range(4)]
    watch = watched(machine, **{str(process): CONTEXT_BYTES // 2 + 1000 for process in several})
    wait_for(lambda: not any(alive(*several)))
    watch.close()


def test_who_waits_with_a_context_and_whoever_is_not_ours_is_left_alone(
    machine: Machine, sleeper: Callable[[], int]
) -> None:
    at_work, waits = sleeper(), sleeper()
    watch = watched(machine, **{str(at_work): CONTEXT_BYTES + 1000, str(waits): CONTEXT_BYTES, "1": 70 * GIB})
    watch.look()
    watch.close()
    assert (alive(at_work, waits), watch.take_kills()) == ([True, True], 0)


@pytest.mark.parametrize(("free", "starved"), [(70.0, False), (0.0, True)])
def test_whoever_cannot_have_what_they_may_is_told_from_who_takes_too_much(
    free: float, starved: bool, machine: Machine, sleeper: Callable[[], int]
) -> None:
    machine(one("a", free=free, **{str(sleeper()): CONTEXT_BYTES, "1": 9 * GIB}))
    watch = GpuWatch(Seat(gpu.find()[0], worker_bytes=4 * GIB), os.getpid())
    assert watch.is_starved() is starved
    watch.close()


def test_a_recipe_on_a_gpu_shows_that_one_alone_and_tells_its_zygote_before_it_imports(machine: Machine) -> None:
    machine(one("a"), one("b"))
    recipe = likely_recipe("torch")
    on = recipe.on(Seat(gpu.find()[1], worker_bytes=4 * GIB + CONTEXT_BYTES))
    assert on.orders["environment"]["CUDA_VISIBLE_DEVICES"] == "GPU-b"
    assert on.seat is not None
    assert on.seat.share == 4 / 80
    assert "/dev/nvidia0" not in on.command
    assert "environment" not in recipe.orders


@pytest.mark.parametrize("reduced", [False, True])
def test_products_are_kept_exact_unless_the_assignment_says_otherwise(reduced: bool, machine: Machine) -> None:
    machine(one("a"))
    seat = Seat(gpu.find()[0], worker_bytes=4 * GIB, reduced_precision=reduced)
    assert (seat.environment().get("NVIDIA_TF32_OVERRIDE") == "0") is not reduced


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def one(name: str, free: float = 79, total: float = 80, **held: int) -> dict[str, Any]:
    """A GPU with so many GiB."""
    return {"uuid": f"GPU-{name}", "name": "H100", "total": int(total * GIB), "free": int(free * GIB), "held": held}


def test_what_there_is_is_told_with_name_memory_and_driver(machine: Machine) -> None:
    machine(one("a"), one("b"))
    first, second = gpu.find()
    assert first == Gpu(uuid="GPU-a", name="H100", minor=0, memory=80 * GIB, driver="580.65.06")
    assert second.uuid == "GPU-b"


@pytest.mark.parametrize(("named", "found"), [("1", ["GPU-b"]), ("GPU-b,0", ["GPU-b", "GPU-a"]), (" 0 ", ["GPU-a"])])
def test_only_the_gpus_that_the_environment_names_are_used(
    named: str, found: list[str], machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(one("a"), one("b"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", named)
    assert [each.uuid for each in gpu.find()] == found


def test_without_a_driver_it_says_so(machine: Machine) -> None:
    with pytest.raises(GpuUnavailable, match=r"^no driver answers \(Driver Not Loaded\)\. Look at nvidia-smi$"):
        gpu.find()


def test_without_a_gpu_it_says_so(machine: Machine) -> None:
    machine()
    with pytest.raises(GpuUnavailable, match=r"^the driver finds none"):
        gpu.find()


def test_gpus_that_are_all_hidden_are_told_from_none(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(one("a"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    with pytest.raises(GpuUnavailable, match=r"^CUDA_VISIBLE_DEVICES names none of those there are"):
        gpu.find()


def test_a_driver_that_is_older_than_pytorchs_cuda_is_named_with_both_versions(machine: Machine) -> None:
    machine(one("a"), cuda=12020, driver="535.1")
    with pytest.raises(GpuUnavailable, match=r"driver \(535\.1\) is too old: it knows CUDA 12\.2, .* for CUDA 13\.0"):
        gpu.find()


def test_a_pytorch_without_cuda_is_named(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(one("a"))
    monkeypatch.setattr(gpu, "_cuda_of_torch", lambda: None)
    with pytest.raises(GpuUnavailable, match=r"^PyTorch \S+ was built without CUDA\. Install a build with it$"):
        gpu.find()


@pytest.mark.parametrize(
    ("line", "version"),
    [("cuda: Optional[str] = '13.0'", (13, 0)), ("cuda = None", None), ("cuda: str = '12.8'", (12, 8))],
)
def test_the_cuda_of_pytorch_is_read_and_not_imported(
    line: str, version: tuple[int, int] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch/version.py").write_text(f"__version__ = '2.13.0'\n{line}\nhip = None\n")

    class Distribution:
        def locate_file(self, path: str) -> Path:
            return tmp_path / path

    monkeypatch.setattr("importlib.metadata.distribution", lambda name: Distribution())
    assert gpu._cuda_of_torch() == version


def test_what_a_process_holds_is_asked_of_the_driver(machine: Machine) -> None:
    machine(one("a", **{"41": 5, "42": 7}))
    (found,) = gpu.find()
    assert gpu.held_memory(found) == {41: 5, 42: 7}


def test_a_gpu_has_as_many_slots_as_its_free_memory_holds(machine: Machine) -> None:
    slot = 4 * GIB + 2 * CONTEXT_BYTES
    machine(one("a", free=3.5 * slot / GIB))
    found = gpu.seats(gpu.find(), 4 * GIB, None, cores=16)
    assert [seat.gpu.uuid for seat in found] == ["GPU-a"] * 3
    assert found[0].worker_bytes == 4 * GIB + CONTEXT_BYTES


def test_slots_are_dealt_out_in_turn_and_are_no_more_than_there_are_cores(machine: Machine) -> None:
    machine(one("a"), one("b", free=12))
    order = [seat.gpu.uuid for seat in gpu.seats(gpu.find(), 4 * GIB, None, cores=5)]
    assert order == ["GPU-a", "GPU-b", "GPU-a", "GPU-b", "GPU-a"]


def test_how_many_slots_a_gpu_has_can_be_said(machine: Machine) -> None:
    machine(one("a"), one("b"))
    assert len(gpu.seats(gpu.find(), 4 * GIB, 3, cores=2)) == 6


def test_a_gpu_that_others_fill_is_named_with_what_is_free(machine: Machine) -> None:
    machine(one("a", free=2))
    with pytest.raises(GpuUnavailable, match=r"^H100 has 2\.0 GiB free, and one submission may hold 4\.6"):
        gpu.seats(gpu.find(), 4 * GIB, None, cores=2)
