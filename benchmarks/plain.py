"""What a course would do without this project: the same hidden suite, run by plain pytest on a module it imports.

A pytest plugin that gives hidden tests their fixtures in one process, with nothing in between: no sandbox, no wire.
Loaded with `-p plain`; the submission is named by the environment variable PLAIN_SUBMISSION.
"""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest
import torch

from autograder.judge.compare import Compare
from autograder.judge.draw import Draw
from autograder.judge.marks import MARKS
from autograder.judge.source import Source


def pytest_configure(config: pytest.Config) -> None:
    for mark, meaning in MARKS.items():
        config.addinivalue_line("markers", f"{mark}: {meaning}")


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _Student:
    """The submission's module, with the few calls of `student` that the benchmark's suite makes."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> object:
        return getattr(self._module, name)

    def hold(self, value: torch.Tensor) -> torch.Tensor:
        return value.clone()

    def arguments_after(self, name: str, *arguments: object) -> tuple[object, ...]:
        getattr(self._module, name)(*arguments)
        return arguments


@pytest.fixture(scope="session")
def _path() -> Path:
    return Path(os.environ["PLAIN_SUBMISSION"])


@pytest.fixture(scope="session")
def student(_path: Path) -> _Student:
    return _Student(_load(_path))


@pytest.fixture(scope="session")
def reference() -> ModuleType:
    return _load(Path(os.environ["PLAIN_REFERENCE"]))


@pytest.fixture
def source(_path: Path) -> Source:
    return Source(_path.read_text(encoding="utf-8"))


@pytest.fixture
def draw() -> Draw:
    return Draw(1)


@pytest.fixture
def compare() -> Compare:
    return Compare()
