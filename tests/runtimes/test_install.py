"""Installing a runtime: from a package index that is a folder, and a framework of one line."""

import base64
import hashlib
import platform
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import GraderError, UsageError
from autograder.sandbox import install as installer
from autograder.sandbox.home import RECORD, home_of
from autograder.sandbox.install import install
from autograder.sandbox.runtime import Runtime, find

TOY = "def slope(x):\n    return {factor} * x\n"
Toy = Callable[..., Runtime]


def write_wheel(folder: Path, factor: float) -> None:
    files = {
        "toy/__init__.py": TOY.format(factor=factor),
        "toy-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n",
        "toy-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},{len(text)}"
        for name, text in files.items()
    ]
    files["toy-1.0.dist-info/RECORD"] = "\n".join([*rows, "toy-1.0.dist-info/RECORD,,"]) + "\n"
    with zipfile.ZipFile(folder / "toy-1.0-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """Make a runtime whose one package is in a folder of wheels."""
    index = tmp_path / "index"
    pins = tmp_path / "pins"
    index.mkdir()
    pins.mkdir()
    (pins / "toy.txt").write_text("toy==1.0\n")
    monkeypatch.setattr(installer, "_PINS", pins)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")

    def make(factor: float = 2.0, **fields: Any) -> Runtime:
        write_wheel(index, factor)
        given = {
            "name": "toy",
            "distributions": ("toy",),
            "preload": ("toy",),
            "framework": "toy_values",
            "frameworks": ("toy",),
            "python": platform.python_version().rpartition(".")[0],
            "derivative": "import toy; print(toy.slope(2.0))",
        }
        return Runtime(**{**given, **fields})

    return make


def test_a_runtime_is_installed_once_without_tools_and_computes(toy: Toy, tmp_path: Path) -> None:
    lines: list[str] = []
    folder = tmp_path / "runtimes"
    assert install(toy(), folder, say=lines.append)
    home = home_of(toy(), folder)
    names = {path.name for path in home.packages}
    assert "toy" in names and not names & {"pip", "setuptools", "wheel"}
    assert home.versions == {"Python": platform.python_version(), "toy": "1.0"} and home.size > 0
    assert any("toy" in line for line in lines)
    assert not install(toy(), folder), "it is there already"
    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["toy"]


@pytest.mark.long
def test_another_python_is_not_ignored_where_the_runtime_is_installed_already(toy: Toy, tmp_path: Path) -> None:
    folder = tmp_path / "runtimes"
    assert install(toy(), folder)
    assert not install(toy(), folder, python=sys.executable)
    with pytest.raises(UsageError, match="is no Python"):
        install(toy(), folder, python="/bin/false")
    record = folder / "toy" / RECORD
    record.write_text(record.read_text().replace('"python": "', '"python": "/another'))
    assert install(toy(), folder, python=sys.executable)


@pytest.mark.long
def test_one_that_does_not_compute_takes_nobody_s_place(toy: Toy, tmp_path: Path) -> None:
    folder = tmp_path / "runtimes"
    (folder / "toy").mkdir(parents=True)
    (folder / "toy" / RECORD).write_text("the one before")
    with pytest.raises(GraderError, match=r"does not compute: 6\.0\. It needs the Debian packages liba and libb\."):
        install(toy(factor=3.0, needs=("liba", "libb")), folder)
    assert (folder / "toy" / RECORD).read_text() == "the one before"
    # The next attempt begins anew, and takes its place.
    assert install(toy(), folder)
    assert home_of(toy(), folder).versions["toy"] == "1.0"


@pytest.mark.long
def test_an_interrupted_installation_is_gone_on_with(toy: Toy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(line: str) -> None:
        if "toy" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        install(toy(), tmp_path / "runtimes", say=stop)
    assert not (tmp_path / "runtimes" / "toy").exists()
    lines: list[str] = []
    assert install(toy(), tmp_path / "runtimes", say=lines.append)
    assert not any("making an environment" in line for line in lines)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ERROR: Could not install: [Errno 28] No space left on device", "the disk is full. Make room, and install"),
        ("WARNING: Retrying after NewConnectionError(...)", "the package index cannot be reached. Look at the network"),
        (
            "ERROR: No matching distribution found for toy==2.0",
            "No matching distribution found for toy==2.0. Mend that",
        ),
        ("ERROR: something else.", "ERROR: something else. Mend that, and install it again"),
    ],
)
def test_what_pip_says_becomes_a_sentence(line: str, words: str) -> None:
    assert words in installer._why(["Collecting toy", line])


def test_too_little_room_is_said_before_anything_is_made(toy: Toy, tmp_path: Path) -> None:
    with pytest.raises(GraderError, match=r"MiB left, and installing toy takes up to .* Make room"):
        install(toy(size=2**60), tmp_path / "runtimes")
    assert not any(path.is_dir() for path in (tmp_path / "runtimes").iterdir())


def test_a_missing_compiler_is_said(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(GraderError, match=r"there is no C compiler\. Install one .*apt install gcc"):
        installer._compile(Path("a.c"), Path("a.so"), toy(), lambda line: None)


def test_the_grader_s_own_runtime_is_not_installed_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"part of the grader's own environment; `make setup` installs it"):
        install(find("torch"), tmp_path, sys.executable)


def test_a_place_that_cannot_be_written_is_named(toy: Toy, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GraderError, match=r"cannot be installed in .*file.*: Not a directory\. .*--to"):
        install(toy(), tmp_path / "file" / "runtimes")


def test_every_runtime_but_the_grader_s_own_has_pins_that_are_exact() -> None:
    folder = Path(installer.__file__).parent / "runtimes"
    for path in folder.glob("*.txt"):
        lines = path.read_text().splitlines()
        assert lines and all(line.count("==") == 1 for line in lines), path
        assert set(find(path.stem).distributions) <= {line.partition("==")[0].lower() for line in lines}
    assert {path.stem for path in folder.glob("*.txt")} == {"jax", "tensorflow", "keras", "mxnet", "cntk"}
