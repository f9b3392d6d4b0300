"""Which confinement a machine gets, and what it says where there is none."""

import dataclasses
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.errors import SandboxUnavailable
from autograder.sandbox import bubblewrap, cgroup, runtime, selftest
from autograder.sandbox.bare import practice_recipe
from autograder.sandbox.base import Bounds, Crashed, SandboxFailed, TimedOut
from autograder.sandbox.zygote import Recipe, ZygoteSandbox

BOUNDS = Bounds(memory=2**28, scratch=2**22, reply=2**20, output=2**20, processes=16)


def ways() -> dict[str, Recipe]:
    # Each way by itself, where `find_recipe` would give the best.
    return dict(bubblewrap._recipes("torch"))


def test_the_recipe_is_the_strongest_that_works(recipe: Recipe) -> None:
    assert recipe.tier in ("full", "container")
    if recipe.tier == "container":
        with pytest.raises(SandboxFailed):
            selftest.run(ways()["in a user namespace"])


def test_a_worker_starts_where_it_may_not_mount_its_own_proc() -> None:
    # It needs less of the machine than any other way, so it works wherever one of them does.
    assert selftest.broken(selftest.run(ways()["in a user namespace without its own /proc"])) == ""


@pytest.mark.attack("J16")
def test_without_bubblewrap_nothing_is_graded_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SandboxUnavailable, match=r"bubblewrap is not installed.*Install it.*--practice"):
        bubblewrap.find_recipe("torch")


def test_where_no_way_works_each_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'creating new namespace failed: Operation not permitted' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(SandboxUnavailable) as failed:
        bubblewrap.find_recipe("torch")
    assert "in a user namespace: the zygote ended: creating new namespace failed" in str(failed.value)
    assert "--practice" in str(failed.value)


def test_an_unknown_runtime_is_named_with_the_known_ones() -> None:
    with pytest.raises(SandboxUnavailable, match=r"no runtime 'jaxx'.*torch"):
        runtime.find("jaxx")


def test_a_missing_package_is_named() -> None:
    broken = dataclasses.replace(runtime.find("torch"), distributions=("no-such-package",))
    with pytest.raises(SandboxUnavailable, match=r"no-such-package is not installed.*make setup"):
        broken.entries()


def test_a_runtime_has_what_its_packages_need_and_nothing_else() -> None:
    names = {path.name for path in runtime.find("torch").entries()}
    assert {"torch", "numpy", "sklearn", "scipy", "matplotlib", "sympy", "typing_extensions.py"} <= names
    assert not names & {"pytest", "_pytest", "click", "msgspec", "hypothesis", "mypy", "pip"}


@pytest.fixture
def practice() -> Iterator[ZygoteSandbox]:
    recipe = practice_recipe("torch")
    sandbox = ZygoteSandbox(dataclasses.replace(recipe, orders={**recipe.orders, "preload": [], "framework": None}))
    yield sandbox
    sandbox.close()


def test_practice_answers_ends_and_leaves_nothing(
    practice: ZygoteSandbox, worker: Callable[..., object], my_processes: Callable[[], dict[int, str]]
) -> None:
    assert practice.tier == "practice"
    practice.wait_until_ready()
    before = len(my_processes())
    running = worker(
        """
        import os, time
        def folder():
            open("note", "x").close()
            return os.getcwd()
        def ends():
            os._exit(7)
        def never_ends():
            os.fork()
            time.sleep(1000)
        """,
        sandbox=practice,
    )
    folder = Path(running.call("folder"))
    assert (folder / "note").exists()
    with pytest.raises(TimedOut):
        running.call("never_ends", seconds=1.0)
    assert not folder.parent.exists()
    assert len(my_processes()) <= before + 1, "one waits for the next session"
    with pytest.raises(Crashed, match="exit status 7"):
        worker("import os\ndef ends(): os._exit(7)", sandbox=practice).call("ends")


# Control groups, on files that stand for the kernel's.


@pytest.mark.parametrize("own", ["0::/user.slice\n", "9:memory:/a\n8:pids:/b\n0::/\n", "4:cpu:/\n", ""])
def test_where_the_kernel_gives_no_group_none_is_made_and_nothing_is_left(tmp_path: Path, own: str) -> None:
    for folder in ("user.slice", "memory/a", "pids/b"):
        (tmp_path / folder).mkdir(parents=True)
    before = sorted(tmp_path.rglob("*"))
    assert cgroup.make("slot", mount=tmp_path, own=own) is None
    assert sorted(tmp_path.rglob("*")) == before


def files(folder: Path, **contents: str) -> Path:
    for name, text in contents.items():
        (folder / name.replace("__", ".")).write_text(text)
    return folder


def test_limits_are_beyond_what_a_group_holds_now(tmp_path: Path) -> None:
    folder = files(tmp_path, memory__current="1000\n", pids__current="3\n", memory__max="", pids__max="")
    cgroup.Group(2, folder, folder).limit(500, 10)
    assert (folder / "memory.max").read_text() == "1500"
    assert (folder / "pids.max").read_text() == "13"
    assert not (folder / "memory.swap.max").exists(), "a kernel without it is not given it"


def test_limits_of_the_first_version_have_other_names(tmp_path: Path) -> None:
    folder = files(tmp_path, memory__usage_in_bytes="1000\n", pids__current="3\n", memory__limit_in_bytes="")
    cgroup.Group(1, folder, folder).limit(500, 10)
    assert (folder / "memory.limit_in_bytes").read_text() == "1500"


@pytest.mark.parametrize(("version", "name"), [(2, "memory.events"), (1, "memory.oom_control")])
def test_kills_for_want_of_memory_are_counted(tmp_path: Path, version: int, name: str) -> None:
    group = cgroup.Group(version, tmp_path, tmp_path)
    assert group.kills() == 0
    (tmp_path / name).write_text("oom_kill_disable 0\nunder_oom 0\nmax 9\noom_kill 4\n")
    assert group.kills() == 4


def test_a_group_ends_with_its_sandbox(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    make = cgroup.make
    monkeypatch.setattr(cgroup, "make", lambda name: made.append(make(name)) or made[-1])
    ZygoteSandbox(dataclasses.replace(recipe, orders={**recipe.orders, "preload": [], "framework": None})).close()
    (group,) = made
    if group is None:
        pytest.skip("this machine gives no control groups")
    assert not any(folder.exists() for folder in group.folders)
