"""The sandbox that works on any system: a fresh process for each session, and the protocol of the real one."""

import contextlib
import dataclasses
import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import torch

from autograder.sandbox.base import Bounds, Crashed, Refused, SandboxFailed, TimedOut, TooMuchOutput
from autograder.sandbox.portable import PortableRecipe, PortableSandbox

ROOT = Path(__file__).parents[2]
MIB = 2**20
BOUNDS = Bounds(memory=256 * MIB, scratch=16 * MIB, reply=4 * MIB, output=4 * MIB, processes=16)

Start = Callable[..., PortableSandbox]
Processes = Callable[[], dict[int, str]]


@pytest.fixture
def portable() -> Iterator[Start]:
    """Start a portable sandbox."""
    sandboxes = []

    def start(bounds: Bounds = BOUNDS) -> PortableSandbox:
        sandboxes.append(PortableRecipe("torch", bounds).start())
        return sandboxes[-1]

    yield start
    for sandbox in sandboxes:
        sandbox.close()


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the sandbox makes its folders."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_values_cross_and_what_is_printed_does_not_disturb_them(portable: Start, worker) -> None:
    one = worker(
        """
        import os, sys
        def double(x):
            print("printed")
            print("an error", file=sys.stderr)
            os.write(1, b"written")
            os.write(2, b"more")
            return 2 * x
        def read(): return sys.stdin.read()
        """,
        sandbox=portable(),
    )
    assert torch.equal(one.call("double", torch.ones(3)), 2 * torch.ones(3))
    output = one.session.take_output()
    assert all(words in output for words in ("printed", "an error", "written", "more"))
    assert one.call("read") == "", "there is nothing to be read"
    assert one.session.is_silent()


def test_a_request_and_a_reply_may_be_larger_than_any_pipe(portable: Start, worker) -> None:
    bounds = dataclasses.replace(BOUNDS, reply=64 * MIB)
    one = worker("def same(x): return x", bounds, sandbox=portable(bounds))
    large = torch.arange(2 * MIB, dtype=torch.float64)
    assert torch.equal(one.call("same", large), large)
    assert "too_large" in one.reply("same", torch.zeros(16 * MIB))


def test_a_loop_ends_at_the_deadline_and_the_next_session_is_new(portable: Start, worker) -> None:
    sandbox = portable()
    source = """
        state = []
        def loop():
            while True: pass
        def count():
            state.append(1)
            return len(state)
        """
    one = worker(source, sandbox=sandbox)
    assert one.call("count") == 1
    with pytest.raises(TimedOut, match=r"did not finish within 0\.5 s"):
        one.reply("loop", seconds=0.5)
    assert not one.session.is_silent()
    assert worker(source, sandbox=sandbox).call("count") == 1


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("os._exit(7)", r"ended its process \(exit status 7\)"),
        ("ctypes.string_at(0)", r"ended its process \(signal 11, SIGSEGV\)"),
    ],
)
def test_the_end_of_a_process_is_told(portable: Start, worker, body: str, sentence: str) -> None:
    one = worker(f"import ctypes, os\ndef f(): {body}", sandbox=portable())
    with pytest.raises(Crashed, match=sentence):
        one.reply("f")


def test_a_worker_that_closes_its_pipe_and_goes_on_is_ended(
    portable: Start, worker, my_processes: Processes, wait_for_end: Callable[[Iterable[int]], None]
) -> None:
    before = set(my_processes())
    one = worker("import os, time\ndef f():\n    os.closerange(3, 50)\n    time.sleep(1000)", sandbox=portable())
    with pytest.raises(Crashed, match="closed its connection to the grader"):
        one.reply("f")
    wait_for_end(set(my_processes()) - before)


def test_output_without_end_is_cut_off(portable: Start, worker) -> None:
    one = worker("def f():\n    while True: print('x' * 1000)", sandbox=portable())
    with pytest.raises(TooMuchOutput, match="printed more than 4 MiB"):
        one.reply("f")
    assert one.session.take_output().startswith("xxx")


def test_output_that_is_taken_back_is_no_end(portable: Start, worker) -> None:
    one = worker("import os\ndef f():\n    print('x' * 9999, flush=True)\n    os.ftruncate(1, 0)", sandbox=portable())
    for _ in range(3):
        assert one.call("f") is None
    assert one.session.is_silent()


def test_a_forged_reply_is_refused(portable: Start, worker) -> None:
    source = """
        import os
        def f():
            for descriptor in range(3, 20):
                try: os.write(descriptor, bytes(7) + bytes([3]) + b"1\\n")
                except OSError: pass
        """
    one = worker(source, sandbox=portable())
    with pytest.raises(Refused):
        one.reply("f")


def test_nothing_is_left_when_it_is_closed(
    portable: Start, worker, scratch: Path, my_processes: Processes, wait_for_end: Callable[[Iterable[int]], None]
) -> None:
    before = set(my_processes())
    sandbox = portable()
    one = worker(
        """
        import pathlib, subprocess, sys
        def f():
            pathlib.Path("left.txt").write_text("over")
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
        """,
        sandbox=sandbox,
    )
    one.reply("f")
    started = set(my_processes()) - before
    assert len(started) == 2
    assert list(scratch.rglob("left.txt"))
    sandbox.close()
    sandbox.close()
    wait_for_end(started)
    one.session.close()
    assert list(scratch.iterdir()) == []
    with pytest.raises(SandboxFailed, match="closed"):
        sandbox.open(BOUNDS)


def test_closing_it_ends_a_call_that_another_thread_waits_in(portable: Start, worker) -> None:
    sandbox = portable()
    one = worker("def f():\n    while True: pass", sandbox=sandbox)
    ends: list[BaseException] = []

    def call() -> None:
        try:
            one.reply("f", seconds=1000)
        except Crashed as end:
            ends.append(end)

    thread = threading.Thread(target=call)
    thread.start()
    time.sleep(0.5)
    sandbox.close()
    thread.join(30)
    assert len(ends) == 1


def test_the_first_worker_starts_beforehand_and_serves_only_what_it_was_started_for(
    portable: Start, my_processes: Processes, wait_for_end: Callable[[Iterable[int]], None]
) -> None:
    before = set(my_processes())
    fitting, other = portable(), portable()
    first, second = sorted(set(my_processes()) - before)
    with contextlib.closing(fitting.open(BOUNDS)):
        assert set(my_processes()) - before == {first, second}
        with contextlib.closing(other.open(dataclasses.replace(BOUNDS, reply=MIB))):
            wait_for_end([second])
            assert len(set(my_processes()) - before) == 2


def test_a_worker_sees_no_settings_of_the_python_around_it(
    portable: Start, worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("PYTHONINSPECT", "1")
    source = "import os\ndef f(): return sorted(name for name in os.environ if name.startswith('PYTHON'))"
    known = {name for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE") if name in os.environ}
    assert set(worker(source, sandbox=portable()).call("f")) == known


def test_what_is_installed_only_here_cannot_be_imported(portable: Start, worker) -> None:
    source = """
        import importlib
        def find(name): return importlib.import_module(name).__name__
        """
    one = worker(source, sandbox=portable())
    for name in ("torch.nn.utils", "sklearn.metrics", "matplotlib.pyplot", "scipy.stats", "json.tool", "module"):
        assert one.call("find", name) == name
    for name in ("pytest", "msgspec", "not_there_at_all"):
        assert one.reply("find", name)["raised"]["type"] == "ModuleNotFoundError"


def test_a_file_of_one_s_own_may_be_called_like_a_package(portable: Start) -> None:
    files = {"module.py": b"from pytest import x\ndef f(): return x\n", "pytest.py": b"x = 17\n"}
    load = {"op": "load", "module": "module", "files": files, "device": "cpu"}
    call = {"op": "call", "target": "f", "args": (), "kwargs": {}, "after": False}
    with contextlib.closing(portable().open(BOUNDS)) as session:
        assert session.call(load, 60.0) == {"value": None}
        assert session.call(call, 60.0) == {"value": 17}


def test_where_packages_have_no_record_everything_can_be_imported(
    portable: Start, worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.sandbox.runtime.Runtime.importable", lambda runtime: frozenset({"numpy"}))
    assert worker("import pytest\ndef f(): return pytest.__name__", sandbox=portable()).call("f") == "pytest"


def test_its_streams_are_made_to_carry_bytes_on_windows() -> None:
    program = """
        import os, sys, types
        sys.platform, os.O_BINARY, calls = "win32", 0x8000, []
        sys.modules["msvcrt"] = types.SimpleNamespace(setmode=lambda *call: calls.append(call))
        from autograder.worker import standalone
        streams = standalone._take_streams()
        print(calls == [(stream, 0x8000) for stream in streams])
        """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("", "True\n"), "what is printed goes to the output"


def test_one_that_cannot_start_is_no_fault_of_the_submission(portable: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    sandbox = portable()
    with pytest.raises(SandboxFailed, match="a worker could not be started"):
        sandbox.open(BOUNDS)


def test_one_that_ends_before_it_greets_is_no_fault_of_the_submission(
    portable: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.sandbox.portable._START", "sys.exit('no torch here')")
    with pytest.raises(SandboxFailed, match=r"a worker could not be started: .*no torch here"):
        portable().open(BOUNDS).call({"op": "hold", "value": None, "device": None}, 5.0)
