"""`--device`: a GPU that was asked for is never simulated silently, and one that was not costs nobody anything."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

FAKE = Path(__file__).parents[1] / "sandbox/fake_nvml"

Done = subprocess.CompletedProcess[str]


@pytest.fixture
def submission(hand_in: Callable[..., Path], right: str, tmp_path: Path) -> Path:
    return hand_in(tmp_path / "class", "ada", right)


def test_a_gpu_that_was_asked_for_and_is_not_there_is_one_sentence_and_status_2(
    grade_py: Callable[..., Done], submission: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    done = grade_py("run", "basics", submission, "--device", "cuda", state=tmp_path / "state")
    assert done.returncode == 2
    assert done.stderr == (
        "Error: There is no GPU to grade on: no driver answers (Driver Not Loaded). Look at nvidia-smi, or leave out "
        "--device cuda: then it is simulated.\n"
    )


@pytest.mark.parametrize("device", ["auto", "simulated"])
def test_otherwise_cuda_is_simulated_and_the_result_says_so(
    device: str, grade_py: Callable[..., Done], submission: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    places = ("--json", tmp_path / "result.json")
    done = grade_py("run", "basics", submission, "--device", device, *places, state=tmp_path / "state")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["environment"]["devices"] == ["cpu", "cuda (simulated)"]
    assert result["environment"]["gpu"] == ""
    assert result["points"] == 11


def test_doctor_says_why_a_gpu_is_not_used(
    grade_py: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gpus = [{"uuid": "GPU-a", "name": "NVIDIA H100", "total": 80 * 2**30, "free": 79 * 2**30}]
    (tmp_path / "nvml.json").write_text(json.dumps({"driver": "535.1", "cuda": 11080, "gpus": gpus}))
    monkeypatch.setenv("FAKE_NVML", str(tmp_path / "nvml.json"))
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    done = grade_py("doctor", state=tmp_path / "state")
    assert "none to grade on: " in done.stdout
    assert "built without CUDA" in done.stdout or "is too old" in done.stdout
