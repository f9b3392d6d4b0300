"""Which files of site-packages belong to a distribution and to all that it depends on."""

import functools
import importlib.metadata
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

from autograder.errors import SandboxUnavailable

__all__ = ["entries"]


@functools.cache
def entries(distributions: tuple[str, ...]) -> tuple[Path, ...]:
    """Return the files and folders of this environment's site-packages that these distributions need, sorted.

    Raises:
        SandboxUnavailable: a distribution is not installed.
    """
    return tuple(sorted({path for name in _closure(distributions) for path in _top_level(name)}))


def _closure(names: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = re.sub(r"[-_.]+", "-", todo.pop()).lower()
        if name in found:
            continue
        found.add(name)
        for text in _distribution(name).requires or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                todo.append(requirement.name)
    return found


def _distribution(name: str) -> importlib.metadata.Distribution:
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        raise SandboxUnavailable(
            f"The package {name} is not installed in {sys.prefix}, and workers need it. Run `make setup`."
        ) from None


def _top_level(name: str) -> Iterator[Path]:
    distribution = _distribution(name)
    base = Path(str(distribution.locate_file("")))
    record = distribution.read_text("RECORD") or ""
    heads = {line.partition(",")[0].strip('"').partition("/")[0] for line in record.splitlines()}
    for head in heads - {"..", "__pycache__", ""}:
        if (base / head).exists():
            yield base / head
