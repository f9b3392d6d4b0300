"""How a session ends: on time, whatever the worker does, with its reason, and with nothing left behind."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograder.sandbox.base import (
    Bounds,
    Crashed,
    Exit,
    OutOfMemory,
    Refused,
    SandboxFailed,
    TimedOut,
    TooMuchOutput,
)
from autograder.sandbox.zygote import Recipe, ZygoteSandbox

MIB = 2**20
SMALL = Bounds(memory=256 * MIB, scratch=MIB, reply=MIB, output=MIB, processes=8)

Workers = Callable[..., Any]
Processes = Callable[[], dict[int, str]]
Wait = Callable[..., None]


@pytest.fixture(scope="module")
def at_rest(sandbox: ZygoteSandbox, my_processes: Processes) -> int:
    """How many processes this one has when no session is open: an init and a worker wait for the next."""
    sandbox.wait_until_ready()
    return len(my_processes()) + 2


@pytest.fixture(autouse=True)
def _nothing_is_left(at_rest: int, my_processes: Processes) -> Iterator[None]:
    """A session leaves no process behind, whatever its test did."""
    yield
    _wait_until(lambda: len(my_processes()) <= at_rest)


def _wait_until(condition: Callable[[], bool]) -> None:
    """The kernel takes a moment to end what was killed."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


ENDLESS = """
    import os, signal, sys, threading, time
    def sleeps():
        time.sleep(1000)
    def computes():
        while True:
            pass
    def ignores_signals():
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                continue
        while True:
            pass
    def forks():
        while True:
            try:
                if os.fork() == 0:
                    os.setsid()
            except OSError:
                continue
    def starts_threads():
        while True:
            try:
                threading.Thread(target=time.sleep, args=(1000,)).start()
            except (RuntimeError, MemoryError):
                continue
    def prints_slowly():
        while True:
            print("still here", flush=True)
            time.sleep(0.01)
    def stops():
        os.kill(os.getpid(), signal.SIGSTOP)
    def leaves_a_child_with_its_pipes():
        if os.fork() == 0:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(1000)
"""


@pytest.mark.parametrize(
    "function",
    "sleeps computes ignores_signals forks starts_threads prints_slowly stops leaves_a_child_with_its_pipes".split(),
)
def test_a_deadline_holds_whatever_the_worker_does(worker: Workers, function: str) -> None:
    running = worker(ENDLESS, SMALL)
    begin = time.monotonic()
    with pytest.raises(TimedOut, match="did not finish within 1 s"):
        running.call(function, seconds=1.0)
    # 2 s are ours; as much again for a loaded machine.
    assert time.monotonic() - begin < 1 + 2 + 2


def test_a_deadline_holds_for_a_worker_that_stopped_reading(worker: Workers) -> None:
    running = worker(
        """
        import os, signal, threading, time
        def f():
            def stop():
                time.sleep(0.2)
                os.kill(os.getpid(), signal.SIGSTOP)
            threading.Thread(target=stop).start()
    """
    )
    running.call("f")
    time.sleep(0.5)
    begin = time.monotonic()
    with pytest.raises(TimedOut):
        running.call("f", bytes(32 * MIB), seconds=1.0)
    assert time.monotonic() - begin < 5


ENDS = """
    import ctypes, mmap, os, signal, sys
    def exit_status(status):
        os._exit(status)
    def by_signal(number):
        os.kill(os.getpid(), number)
    def segfault():
        ctypes.string_at(0)
    def overflow():
        sys.setrecursionlimit(10**9)
        signal.signal(signal.SIGSEGV, signal.SIG_DFL)
        function = ctypes.PYFUNCTYPE(None)(lambda: function())
        function()
    def old_system_call():
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        code.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20 (getpid); int 0x80; ret
        address = ctypes.addressof(ctypes.c_char.from_buffer(code))
        return ctypes.CFUNCTYPE(ctypes.c_int)(address)()
"""


@pytest.mark.parametrize(
    ("function", "argument", "reason"),
    [
        ("exit_status", 0, "exit status 0"),
        ("exit_status", 7, "exit status 7"),
        ("exit_status", 113, "exit status 113"),
        ("by_signal", signal.SIGKILL, "signal 9, SIGKILL"),
        ("by_signal", signal.SIGABRT, "signal 6, SIGABRT"),
        ("segfault", None, "signal 11, SIGSEGV"),
        ("overflow", None, "signal 11, SIGSEGV"),
    ],
)
def test_the_reason_of_an_end_is_named(worker: Workers, function: str, argument: int | None, reason: str) -> None:
    running = worker(ENDS)
    with pytest.raises(Crashed) as ended:
        running.call(function, *([] if argument is None else [int(argument)]))
    assert str(ended.value) == f"ended its process ({reason})"


def test_the_same_end_is_always_told_the_same_way(worker: Workers) -> None:
    reasons = set()
    for _ in range(20):
        with pytest.raises(Crashed) as ended:
            worker(ENDS).call("exit_status", 3)
        reasons.add(str(ended.value))
    assert reasons == {"ended its process (exit status 3)"}


IGNORED = """
    import signal
    def ignored(): return [int(n) for n in signal.Signals if signal.getsignal(n) is signal.SIG_IGN]
"""


def test_signals_mean_the_same_however_the_grader_was_started(
    worker: Workers, another_sandbox: Callable[[], ZygoteSandbox]
) -> None:
    usual = worker(IGNORED).call("ignored")
    # A shell has what it starts in the background ignore the first two, and `nohup` the third.
    numbers = (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)
    before = [signal.signal(number, signal.SIG_IGN) for number in numbers]
    try:
        sandbox = another_sandbox()
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
    assert worker(IGNORED, sandbox=sandbox).call("ignored") == usual


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the instructions are those of x86")
def test_a_system_call_of_another_architecture_ends_the_process(worker: Workers) -> None:
    with pytest.raises(Crashed):
        worker(ENDS).call("old_system_call")


def test_a_session_is_over_after_its_end_and_the_next_is_not_touched(worker: Workers) -> None:
    first, second = worker(ENDS), worker("def f(): return 1")
    with pytest.raises(Crashed):
        first.call("segfault")
    with pytest.raises((Exit, OSError)):
        first.call("exit_status", 0)
    assert second.call("f") == 1
    first.session.close()
    assert worker("def f(): return 2").call("f") == 2


def test_output_is_taken_once_and_shortened_in_the_middle(worker: Workers) -> None:
    running = worker("def f(n): print('begin'); print('x' * n); print('end')")
    running.call("f", 10)
    assert running.session.take_output() == "begin\nxxxxxxxxxx\nend\n"
    assert running.session.take_output() == ""
    running.call("f", 100_000)
    printed = running.session.take_output()
    assert printed.startswith("begin\nxxx") and printed.endswith("xxx\nend\n") and "bytes left out" in printed
    assert len(printed) < 10_000


def test_output_beyond_its_limit_ends_the_session(worker: Workers) -> None:
    running = worker("def f(n): print('x' * n, flush=True)", SMALL)
    running.call("f", MIB // 2)
    with pytest.raises(TooMuchOutput, match="printed more than 1 MiB"):
        running.call("f", 2 * MIB)


def test_a_reply_beyond_its_limit_is_named_by_the_worker(worker: Workers) -> None:
    reply = worker("def f(n): return 'x' * n", SMALL).reply("f", 2 * MIB)
    assert reply.keys() == {"too_large"}


def test_a_large_argument_and_a_large_reply_pass(worker: Workers) -> None:
    assert worker("def f(data): return data[::-1]").call("f", b"ab" * MIB) == b"ba" * MIB


def test_memory_held_by_children_counts(worker: Workers) -> None:
    running = worker(
        """
        import os, time
        def f():
            for _ in range(6):
                if os.fork() == 0:
                    held = b"x" * (100 * 2**20)
                    time.sleep(1000)
            time.sleep(1000)
    """
    )
    with pytest.raises(OutOfMemory):
        running.call("f", seconds=5.0)


def test_memory_shared_by_children_counts_once(worker: Workers) -> None:
    running = worker(
        """
        import os, time
        def f():
            held = b"x" * (100 * 2**20)
            children = []
            for _ in range(4):
                child = os.fork()
                if child == 0:
                    time.sleep(0.5)
                    os._exit(len(held) % 7)
                children.append(child)
            return [os.waitpid(child, 0)[1] >> 8 for child in children]
    """
    )
    assert running.call("f") == [100 * MIB % 7] * 4


def test_no_more_processes_than_allowed(worker: Workers) -> None:
    running = worker(
        """
        import os, signal, time
        def f():
            children = []
            try:
                while len(children) < 100:
                    child = os.fork()
                    if child == 0:
                        time.sleep(1000)
                    children.append(child)
            except OSError as error:
                return len(children), type(error).__name__
            finally:
                for child in children:
                    os.kill(child, signal.SIGKILL)
            return len(children), ""
    """,
        SMALL,
    )
    count, error = running.call("f")
    assert 4 <= count <= SMALL.processes + 3
    assert error == "BlockingIOError"


def test_processes_of_one_slot_do_not_count_in_another(
    another_sandbox: Callable[[], ZygoteSandbox], worker: Workers
) -> None:
    source = """
        import os, time
        def hold(count):
            for _ in range(count):
                if os.fork() == 0:
                    time.sleep(1000)
    """
    other = another_sandbox()
    assert worker(source, SMALL).call("hold", 7) is None
    assert worker(source, SMALL, sandbox=other).call("hold", 7) is None


def test_a_slot_serves_more_submissions_than_any_class_has(another_sandbox: Callable[[], ZygoteSandbox]) -> None:
    sandbox = another_sandbox()
    for _ in range(500):
        session = sandbox.open(SMALL)
        assert session.call({"op": "write_file", "path": "note", "data": b""}, 10.0) == {"value": None}
        session.close()


def test_a_worker_that_cannot_start_is_the_sandboxs_fault(recipe: Recipe) -> None:
    broken = ZygoteSandbox(
        Recipe(
            tier="full",
            command=("/bin/sh", "-c", "echo no such sandbox >&2; exit 1"),
            environment={},
            orders={},
            namespaces=True,
            proc=True,
        )
    )
    with pytest.raises(SandboxFailed, match="no such sandbox"):
        broken.open(SMALL)
    broken.close()


def test_a_killed_zygote_is_the_sandboxs_fault(
    another_sandbox: Callable[[], ZygoteSandbox], worker: Workers, my_processes: Processes, wait_for_end: Wait
) -> None:
    before = my_processes().keys()
    sandbox = another_sandbox()
    started = {number: command for number, command in my_processes().items() if number not in before}
    (zygote,) = [number for number, command in started.items() if not command.partition(" ")[0].endswith("bwrap")]
    running = worker("def f(): return 1", sandbox=sandbox)
    with_workers = my_processes().keys() - before
    os.kill(zygote, signal.SIGKILL)
    wait_for_end(with_workers)
    with pytest.raises(SandboxFailed, match="zygote"):
        running.call("f")
    with pytest.raises(SandboxFailed, match="zygote"):
        sandbox.open(SMALL)


def test_no_worker_begins_before_the_one_before_it_is_gone(
    another_sandbox: Callable[[], ZygoteSandbox], my_processes: Processes
) -> None:
    before = my_processes().keys()
    sandbox = another_sandbox()
    started = {number: command for number, command in my_processes().items() if number not in before}
    (zygote,) = [number for number, command in started.items() if not command.partition(" ")[0].endswith("bwrap")]
    first = sandbox.open(SMALL)
    os.kill(zygote, signal.SIGSTOP)
    first.close()
    opened = threading.Event()
    opener = threading.Thread(target=lambda: (sandbox.open(SMALL), opened.set()))
    opener.start()
    early = opened.wait(0.5)
    os.kill(zygote, signal.SIGCONT)
    opener.join(10)
    assert (early, opened.is_set()) == (False, True)


def test_closing_twice_is_harmless(sandbox: ZygoteSandbox, another_sandbox: Callable[[], ZygoteSandbox]) -> None:
    session = sandbox.open(SMALL)
    session.close()
    session.close()
    other = another_sandbox()
    other.close()
    other.close()


def test_closing_a_sandbox_ends_its_workers(
    another_sandbox: Callable[[], ZygoteSandbox], worker: Workers, my_processes: Processes, wait_for_end: Wait
) -> None:
    before = my_processes().keys()
    sandbox = another_sandbox()
    running = worker("import os\nif os.fork() == 0:\n    os.setsid()\n    while True: pass", sandbox=sandbox)
    started = my_processes().keys() - before
    assert len(started) > 4
    sandbox.close()
    wait_for_end(started)
    running.session.close()  # harmless, though there is nobody left to ask


@pytest.mark.parametrize("data", [b"", b"\0" * 8, b"\xff" * 8, b"\0" * 7 + b"\x05null\n" * 2])
def test_what_is_no_reply_ends_the_session(worker: Workers, data: bytes) -> None:
    running = worker(
        """
        import fcntl, os
        def f(data):
            for descriptor in range(3, 10):
                try:
                    if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY:
                        os.write(descriptor, data)
                except OSError:
                    continue
            os.kill(os.getpid(), 9)
    """
    )
    with pytest.raises((Refused, TooMuchOutput, Crashed)):
        running.call("f", data)
