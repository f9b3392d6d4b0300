"""Reading a submission has limits, and whoever exceeds them costs nobody else."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from autograder.errors import SubmissionError, SubmissionUnreadable
from autograder.intake import Intake
from autograder.submission import receive

CODE = b"def f():\n    return 1\n"


@pytest.fixture
def intake() -> Iterator[Intake]:
    with closing(Intake(seconds=0.5)) as intake:
        yield intake


@pytest.fixture
def right(tmp_path: Path) -> Path:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada/metrics.py").write_bytes(CODE)
    (tmp_path / "ada/notes.txt").write_bytes(bytes(range(256)) * 4000)
    return tmp_path / "ada"


def test_what_is_received_is_what_was_handed_in(intake: Intake, right: Path) -> None:
    assert intake.receive(right, "metrics") == receive(right, "metrics")
    assert intake.receive(right, "metrics", "somebody").student == "somebody"


def test_a_refusal_keeps_its_words_and_its_kind(intake: Intake, tmp_path: Path, right: Path) -> None:
    with pytest.raises(SubmissionUnreadable, match="cannot be read"):
        intake.receive(tmp_path / "nobody", "metrics")
    with pytest.raises(SubmissionError, match=r"other\.py") as refused:
        intake.receive(right, "other")
    assert not isinstance(refused.value, SubmissionUnreadable)


def test_a_name_that_is_no_text_is_received_too(intake: Intake, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/ad\xff.py"))
    path.write_bytes(b"import nothing\n")
    assert intake.receive(path, "metrics").files


@pytest.mark.attack("L40")
def test_what_takes_too_long_to_be_read_is_refused_and_the_next_is_received(
    intake: Intake, tmp_path: Path, right: Path
) -> None:
    # As many expressions in one string as the check before the parser allows.
    (tmp_path / "slow.py").write_text('def unused(): f"' + "x" * 30_000 + "{x}" * 30_000 + '"\n')
    with pytest.raises(SubmissionError, match=r"`slow.py` takes too long to be read: more than 0.5 s"):
        intake.receive(tmp_path / "slow.py", "metrics")
    assert intake.receive(right, "metrics").files


def test_whoever_kills_the_process_takes_no_points_from_a_student(
    intake: Intake, right: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill() -> None:
        assert intake._process.pid is not None
        os.kill(intake._process.pid, signal.SIGKILL)
        intake._process.join()

    kill()
    assert intake.receive(right, "metrics").files
    start = intake._start
    monkeypatch.setattr(intake, "_start", lambda: (start(), kill()))
    kill()
    with pytest.raises(SubmissionUnreadable, match=r"twice\. Staff must look into it"):
        intake.receive(right, "metrics")
