"""A batch that is stopped keeps what is done, leaves nothing running, and goes on where it was."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

STUDENTS = ("ada", "bo", "chen", "dora")
SLOW = "\n\ndef add(a, b):\n    import time\n    time.sleep(1)\n    return a + b\n"

Command = Callable[..., list[str]]
Processes = Callable[[], dict[int, str]]


@pytest.fixture
def slow_class(tmp_path: Path, hand_in: Callable[..., Path], right: str) -> Path:
    for student in STUDENTS:
        hand_in(tmp_path / "class", student, f"{right}{SLOW}\nNAME = {student!r}\n")
    return tmp_path / "class"


def done(state: Path) -> int:
    """How many results are stored."""
    try:
        with closing(sqlite3.connect(f"file:{state / 'attempts.sqlite'}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM attempts").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def started(command: Command, slow_class: Path, tmp_path: Path) -> Callable[..., subprocess.Popen[str]]:
    """Start a batch with one slot and wait until its first result is stored."""
    running = []

    def start() -> subprocess.Popen[str]:
        line = command(
            *("batch", "basics", slow_class, "--jobs", 1, "--json", tmp_path / "results.json"), state=tmp_path / "state"
        )
        process = subprocess.Popen(
            line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        running.append(process)
        wait_until(lambda: done(tmp_path / "state") > 0 or process.poll() is not None, 120)
        assert process.poll() is None
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.long
def test_ctrl_c_keeps_what_is_done_and_the_next_run_does_the_rest(
    started: Callable[[], subprocess.Popen[str]],
    my_processes: Processes,
    wait_for_end: Callable[..., None],
    command: Command,
    slow_class: Path,
    tmp_path: Path,
) -> None:
    before = my_processes().keys()
    process = started()
    of_the_batch = my_processes().keys() - before
    os.killpg(process.pid, signal.SIGINT)
    _, printed = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in printed
    kept = done(tmp_path / "state")
    assert 1 <= kept < len(STUDENTS)
    assert f"{kept} of {len(STUDENTS)} are done; the same command does the rest" in printed
    assert len(json.loads((tmp_path / "results.json").read_text())) == kept
    wait_for_end(of_the_batch)

    line = command("batch", "basics", slow_class, "--json", tmp_path / "results.json", state=tmp_path / "state")
    finished = subprocess.run(line, capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0
    assert f"{kept} unchanged" in finished.stderr
    assert [result["points"] for result in json.loads((tmp_path / "results.json").read_text())] == [11] * len(STUDENTS)
    assert done(tmp_path / "state") == len(STUDENTS)


def test_a_killed_batch_leaves_nothing_running_and_nothing_broken(
    started: Callable[[], subprocess.Popen[str]],
    my_processes: Processes,
    wait_for_end: Callable[..., None],
    tmp_path: Path,
) -> None:
    before = my_processes().keys()
    process = started()
    of_the_batch = my_processes().keys() - before
    assert len(of_the_batch) > 3, "the slot, its zygote, a worker"
    process.kill()
    process.wait(timeout=60)
    wait_for_end(of_the_batch)
    assert done(tmp_path / "state") >= 1
