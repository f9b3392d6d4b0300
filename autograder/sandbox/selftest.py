"""Real attacks on the sandbox in which submissions are about to run. When one works, nothing is graded.

The attacks are `hostile.py`, handed to workers as a submission is. What can be seen from outside is looked for outside:
a process that is left over, an end that passes for success, an answer that was not asked for.
"""

import contextlib
import dataclasses
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import autograder
from autograder.sandbox.base import Bounds, Crashed, Exit, Killed, OutOfMemory, Refused, SandboxFailed
from autograder.sandbox.pipe import PipeSession
from autograder.sandbox.zygote import Recipe, ZygoteSandbox

__all__ = ["Attack", "broken", "run"]

_BOUNDS = Bounds(memory=2**26, scratch=2**20, reply=2**16, output=2**16, processes=8)
_SECONDS = 5.0
_SOURCE = Path(__file__).with_name("hostile.py")
_GONE_SECONDS = 2.0

_Try = Callable[[ZygoteSandbox, Recipe], str | None]
"""An attack: what it could do, in words, or nothing."""


@dataclass(frozen=True)
class Attack:
    """An attack that was tried."""

    aim: str
    """What it tried, as words that go on from `a submission could `."""
    worked: str
    """What it could do; empty when it was held."""


def run(recipe: Recipe) -> list[Attack]:
    """Try every attack in workers of a recipe, without the runtime's framework, and return how each ended.

    Raises:
        SandboxFailed: no worker could be started in this way.
    """
    light = dataclasses.replace(recipe, orders={**recipe.orders, "preload": [], "framework": None})
    sandbox = ZygoteSandbox(light)
    try:
        return [Attack(aim, _tried(attack, sandbox, recipe) or "") for aim, attack in _ATTACKS.items()]
    finally:
        sandbox.close()


def _tried(attack: _Try, sandbox: ZygoteSandbox, recipe: Recipe) -> str | None:
    try:
        try:
            return attack(sandbox, recipe)
        except Killed:
            # By somebody on this machine: it says nothing about the sandbox.
            return attack(sandbox, recipe)
    except SandboxFailed:
        raise
    except Exit as error:
        return f"it could not be tried: it {error}"


def _ask(session: PipeSession, function: str, *args: Any) -> str | None:
    """Return what an attack says that it could do; an attack that ends otherwise has not been held for sure."""
    request = {"op": "call", "target": function, "args": list(args), "kwargs": {}, "after": False}
    reply = session.call(request, _SECONDS)
    if "value" not in reply:
        return f"it could not be tried: {reply}"
    value = reply["value"]
    return None if value is None else str(value)[:200]


def _look(function: str, *args: Any) -> _Try:
    """An attack that runs to its end in a worker of its own."""

    def attack(sandbox: ZygoteSandbox, recipe: Recipe) -> str | None:
        with _worker(sandbox) as session:
            return _ask(session, function, *args)

    return attack


def _see_processes(sandbox: ZygoteSandbox, recipe: Recipe) -> str | None:
    return _look("see_processes", recipe.proc)(sandbox, recipe)


def _find_the_grader(sandbox: ZygoteSandbox, recipe: Recipe) -> str | None:
    package = Path(autograder.__file__).parent
    hidden = [
        package,
        package.parent / "assignments",
        package.parent / "reference",
        Path.home() / ".ssh",
        "/etc/shadow",
    ]
    return _look("find_the_grader", list(map(str, hidden)), ["autograder", "pytest", "_pytest"])(sandbox, recipe)


def _reach_the_network(sandbox: ZygoteSandbox, recipe: Recipe) -> str | None:
    name = f"autograder-selftest-{secrets.token_hex(8)}"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind(f"\0{name}")
        local.listen()
        return _look("reach_the_network", server.getsockname()[1], name)(sandbox, recipe)


def _change_the_system(sandbox: ZygoteSandbox, recipe: Recipe) -> str | None:
    paths = ["/runtime/worker/agent.py", "/runtime/site-packages/numpy/__init__.py", os.__file__, "/etc/passwd", "/new"]
    return _look("change_the_system", paths)(sandbox, recipe)


def _fill_memory(sandbox: ZygoteSandbox, recipe: Recipe) -> str | None:
    with _worker(sandbox) as session:
        try:
            return _ask(session, "fill_memory", _BOUNDS.memory)
        except OutOfMemory:
            return None


def _leave_a_daemon(sandbox: ZygoteSandbox, recipe: Recipe) -> str | None:
    name = secrets.token_hex(7)
    with _worker(sandbox) as session:
        _ask(session, "leave_a_daemon", name)
    deadline = time.monotonic() + _GONE_SECONDS
    while any(_names(name)):
        if time.monotonic() > deadline:
            return "a process of it went on running"
        time.sleep(0.01)
    return None


def _leave_notes(sandbox: ZygoteSandbox, recipe: Recipe) -> str | None:
    name = f"autograder-selftest-{secrets.token_hex(8)}"
    with _worker(sandbox) as session:
        _ask(session, "leave_notes", name)
    outside = [
        folder for folder in ("/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir()) if Path(folder, name).exists()
    ]
    return f"it left a file in {outside[0]}" if outside else _look("find_notes", name)(sandbox, recipe)


def _end_with_success(sandbox: ZygoteSandbox, recipe: Recipe) -> str | None:
    with _worker(sandbox) as session:
        try:
            return _ask(session, "end_with_success") or "it ended, and that passed for an answer"
        except Killed:
            raise
        except Crashed:
            return None


def _forge_an_answer(sandbox: ZygoteSandbox, recipe: Recipe) -> str | None:
    with _worker(sandbox) as session:
        try:
            return _ask(session, "forge_an_answer", "true") or "its own answer was taken"
        except Refused:
            return None


_ATTACKS: dict[str, _Try] = {
    "see other processes": _see_processes,
    "keep files open that it inherited": _look("hold_descriptors"),
    "find the grader, its tests or its answers": _find_the_grader,
    "reach the network": _reach_the_network,
    "change what the next submission uses": _change_the_system,
    "gain rights": _look("gain_rights"),
    "take more memory than it may": _fill_memory,
    "fill the disk": _look("fill_disk", _BOUNDS.scratch),
    "start more processes than it may": _look("fork_many", 4 * _BOUNDS.processes),
    "leave a process behind": _leave_a_daemon,
    "leave a note for the next submission": _leave_notes,
    "pass its own end for success": _end_with_success,
    "forge an answer": _forge_an_answer,
}


@contextlib.contextmanager
def _worker(sandbox: ZygoteSandbox) -> Iterator[PipeSession]:
    """A worker that has imported `hostile.py`."""
    session = sandbox.open(_BOUNDS)
    try:
        files = {"hostile.py": _SOURCE.read_bytes()}
        reply = session.call({"op": "load", "module": "hostile", "files": files, "device": "cpu"}, _SECONDS)
        if reply != {"value": None}:
            raise SandboxFailed(f"a worker could not import a file: {reply}")
        yield session
    finally:
        session.close()


def _names(wanted: str) -> Iterator[int]:
    """Yield the processes of this machine that call themselves so."""
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            if path.read_text().strip() == wanted:
                yield int(path.parent.name)
        except OSError:
            continue


def broken(attacks: Sequence[Attack]) -> str:
    """Say which attacks worked, in words that go on a sentence; empty when none did."""
    return "; ".join(f"a submission could {attack.aim} ({attack.worked})" for attack in attacks if attack.worked)
