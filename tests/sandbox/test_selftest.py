"""The self-test sees a wall that is missing, and then nothing is graded."""

import dataclasses
import importlib.util
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import SandboxUnavailable
from autograder.sandbox import bubblewrap, selftest
from autograder.sandbox.base import Crashed, Refused
from autograder.sandbox.pipe import PipeSession
from autograder.sandbox.zygote import Recipe

PACKAGE = Path(selftest.__file__).parents[1]


def worked(recipe: Recipe) -> dict[str, str]:
    return {attack.aim: attack.worked for attack in selftest.run(recipe) if attack.worked}


def test_the_sandbox_of_this_machine_holds(recipe: Recipe) -> None:
    attacks = selftest.run(recipe)
    assert [attack for attack in attacks if attack.worked] == []
    assert len(attacks) >= 12
    assert selftest.broken(attacks) == ""


def without(recipe: Recipe, *words: str) -> Recipe:
    """The recipe without some words of its command, which must be there."""
    command = list(recipe.command)
    for word in words:
        command.remove(word)
    return dataclasses.replace(recipe, command=tuple(command))


def with_options(recipe: Recipe, *options: str) -> Recipe:
    """The recipe with more options of bubblewrap, before the zygote's own command."""
    place = recipe.command.index("--remount-ro")
    return dataclasses.replace(recipe, command=(*recipe.command[:place], *options, *recipe.command[place:]))


@pytest.fixture
def writable(tmp_path: Path) -> str:
    tmp_path.chmod(0o777)
    (tmp_path / "passwd").touch()
    (tmp_path / "passwd").chmod(0o666)
    for parent in tmp_path.parents[:2]:
        parent.chmod(0o755)
    return str(tmp_path)


BROKEN: dict[str, Callable[[Recipe, str], Recipe]] = {
    "gain rights": lambda recipe, _: dataclasses.replace(recipe, orders={**recipe.orders, "seccomp": ""}),
    "find the grader, its tests or its answers": lambda recipe, folder: with_options(
        recipe, "--ro-bind", f"{folder}/passwd", "/etc/shadow"
    ),
    "change what the next submission uses": lambda recipe, folder: with_options(recipe, "--bind", folder, "/etc"),
}


@pytest.mark.parametrize("aim", BROKEN)
def test_a_wall_that_is_missing_is_named(recipe: Recipe, aim: str, writable: str) -> None:
    assert aim in worked(BROKEN[aim](recipe, writable))


@pytest.mark.attack("P06")
def test_where_an_attack_works_grading_is_refused_and_says_which(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_recipe = BROKEN["gain rights"](recipe, "")
    monkeypatch.setattr(bubblewrap, "_recipes", lambda *_: iter([("as root", open_recipe), ("weaker", recipe)]))
    with pytest.raises(SandboxUnavailable, match=r"does not hold, so nothing is graded: .*could gain rights \(it made"):
        bubblewrap.find_recipe("torch")


@pytest.fixture(scope="module")
def hostile() -> Any:
    """The attacks themselves, in this process, which nothing confines."""
    spec = importlib.util.spec_from_file_location("hostile", Path(selftest.__file__).with_name("hostile.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def listener() -> Iterator[tuple[int, str]]:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        name = f"autograder-test-{os.getpid()}"
        local.bind(f"\0{name}")
        local.listen()
        yield server.getsockname()[1], name


def test_the_attacks_work_where_nothing_holds_them(
    hostile: Any, listener: tuple[int, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "saw the processes" in hostile.see_processes(True)
    assert "holds the descriptors" in hostile.hold_descriptors()
    assert hostile.find_the_grader([str(PACKAGE)], ["pytest"]) == f"it found {PACKAGE}, pytest"
    assert hostile.reach_the_network(*listener) == "it reached a port of this machine"
    assert "could write to" in hostile.change_the_system([str(tmp_path / "new")])
    assert hostile.fill_memory(2**22) == "it held twice the memory that it may"
    assert hostile.fill_disk(2**16) == "it wrote twice what it may"
    assert hostile.fork_many(2) == "it had more than 2 processes"
    monkeypatch.setattr(hostile, "_NOTES", (str(tmp_path),))
    assert hostile.find_notes("note") is None
    hostile.leave_notes("note")
    assert "found a note" in hostile.find_notes("note")


@pytest.mark.parametrize(
    ("aim", "end"), [("pass its own end for success", Crashed), ("forge an answer", Refused)], ids=["end", "forged"]
)
def test_a_judge_that_took_an_end_or_a_forgery_for_an_answer_would_be_noticed(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch, aim: str, end: type[Exception]
) -> None:
    honest = PipeSession.call

    def believing(self: PipeSession, request: Any, seconds: float) -> Any:
        try:
            return honest(self, request, seconds)
        except end:
            return {"value": None}

    monkeypatch.setattr(PipeSession, "call", believing)
    assert aim in worked(recipe)
