"""Where a runtime lies, and what is said where it does not."""

import os
import platform
import sys
from pathlib import Path

import pytest

from autograder.errors import RuntimeMissing, UsageError
from autograder.sandbox import selftest
from autograder.sandbox.bubblewrap import try_out
from autograder.sandbox.home import RECORD, home_of, runtimes_folder
from autograder.sandbox.python import find_python
from autograder.sandbox.runtime import NAMES, environment, find

MINE = platform.python_version().rpartition(".")[0]


def test_the_grader_s_own_runtime_needs_no_folder() -> None:
    home = home_of(find("torch"), None)
    assert home.python == os.path.realpath(sys.executable)
    assert home.versions["Python"] == platform.python_version() and "torch" in home.versions


def test_an_installed_runtime_has_its_own_packages(runtimes: Path) -> None:
    home = home_of(find("jax"), runtimes)
    assert {"jax", "numpy"} <= {path.name for path in home.packages}
    assert not {"torch", "pytest"} & {path.name for path in home.packages}
    assert home.versions == {"Python": platform.python_version(), "jax": "0.0.1"}


def test_a_missing_runtime_is_told_with_the_command_that_installs_it(tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        with pytest.raises(
            RuntimeMissing, match=r"runtime mxnet is not installed.*`python grade\.py runtimes install mxnet`"
        ):
            home_of(find("mxnet"), folder)


def test_a_runtime_whose_record_is_damaged_or_whose_python_has_gone_is_installed_anew(runtimes: Path) -> None:
    record = runtimes / "jax" / RECORD
    record.write_text(record.read_text().replace(os.path.realpath(sys.executable), "/gone/python"))
    with pytest.raises(RuntimeMissing, match=r"/gone/python, which runs the runtime jax, has gone\. Install it"):
        home_of(find("jax"), runtimes)
    record.write_text("{")
    with pytest.raises(RuntimeMissing, match=r"runtime\.json cannot be read .*Install it"):
        home_of(find("jax"), runtimes)


def test_a_runtime_without_its_packages_is_installed_anew(runtimes: Path) -> None:
    (runtimes / "jax/lib").rename(runtimes / "jax/elsewhere")
    with pytest.raises(RuntimeMissing, match=r"jax has lost its packages.*Install it with"):
        home_of(find("jax"), runtimes)


def test_every_attack_is_held_in_another_runtime_too(runtimes: Path) -> None:
    recipe, attacks = try_out("jax", runtimes)
    assert attacks and selftest.broken(attacks) == ""
    assert recipe.versions["jax"] == "0.0.1"


def test_workers_of_every_runtime_compute_with_one_thread() -> None:
    for name in NAMES:
        assert environment(find(name))["OMP_NUM_THREADS"] == "1"


def test_runtimes_lie_in_the_state_unless_the_environment_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTOGRADER_RUNTIMES", raising=False)
    assert runtimes_folder(tmp_path) == tmp_path / "runtimes"
    monkeypatch.setenv("AUTOGRADER_RUNTIMES", "/srv/runtimes")
    assert runtimes_folder(tmp_path) == Path("/srv/runtimes")


def test_a_python_is_found_by_its_version() -> None:
    found = find_python(MINE)
    assert found.version.startswith(f"{MINE}.") and os.path.isabs(found.path)
    assert find_python(MINE, sys.executable) == found


def test_pyenv_s_pythons_are_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "versions" / "3.5.9" / "bin" / "python3.5"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho \'{"path": "/p", "base": "/b", "version": "3.5.9"}\'\n')
    python.chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert find_python("3.5").version == "3.5.9"


def test_no_right_python_is_said_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"No Python 3\.6 was found.*pyenv install 3\.6.*--python"):
        find_python("3.6")
    with pytest.raises(UsageError, match=r"python.* is no Python 3\.6 .*Name another with --python"):
        find_python("3.6", sys.executable)
