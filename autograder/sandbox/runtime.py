"""Which Python and which packages a worker sees.

A runtime is a named environment for workers. It holds the named distributions with everything that they depend on, and
nothing else that is installed beside them: no pytest, no grader, no reference.
"""

import functools
import importlib.metadata
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from autograder.errors import SandboxUnavailable

__all__ = ["Runtime", "environment", "find", "settings"]


@dataclass(frozen=True)
class Runtime:
    """A named environment for workers."""

    name: str
    distributions: tuple[str, ...]
    """What students may import, by distribution name; their dependencies come with them."""
    preload: tuple[str, ...]
    """Modules that the zygote imports before it forks."""
    on_demand: Mapping[str, str]
    """Modules that it imports at the first submission whose files have a word: word to module."""
    framework: str
    """The module of `autograder.worker` that translates the framework's tensors."""

    def entries(self) -> list[Path]:
        """Return the files and folders of site-packages that the worker sees, sorted.

        Raises:
            SandboxUnavailable: a distribution is not installed.
        """
        return list(_entries(self.distributions))

    def importable(self) -> frozenset[str]:
        """Return the names of what a worker can import beside the standard library, at the top level.

        Raises:
            SandboxUnavailable: a distribution is not installed.
        """
        return frozenset(path.name.partition(".")[0] for path in self.entries())

    def demanded(self, files: Mapping[str, bytes]) -> tuple[str, ...]:
        """Return the modules on demand that a submission will import sooner or later."""
        return tuple(
            module
            for word, module in self.on_demand.items()
            if any(word.encode() in content for content in files.values())
        )

    def versions(self) -> dict[str, str]:
        """Return the version of each named distribution."""
        return {name: importlib.metadata.version(name) for name in self.distributions}


_RUNTIMES = {
    "torch": Runtime(
        name="torch",
        distributions=("torch", "numpy", "scikit-learn", "matplotlib"),
        preload=("torch", "numpy"),
        # The first optimizer of a process imports torch._dynamo, which takes nearly as long as torch; and what large
        # libraries map would count as the submission's.
        on_demand={
            "optim": "torch._dynamo",
            "cuda": "torch._dynamo",
            "compile": "torch._dynamo",
            "sklearn": "sklearn.linear_model",
            "scipy": "scipy.stats",
            "matplotlib": "matplotlib.pyplot",
        },
        framework="torch_values",
    )
}


def find(name: str) -> Runtime:
    """Return a runtime by name.

    Raises:
        SandboxUnavailable: there is none of this name.
    """
    if name not in _RUNTIMES:
        raise SandboxUnavailable(f"There is no runtime {name!r}; assignment.toml may name: {', '.join(_RUNTIMES)}.")
    return _RUNTIMES[name]


def environment() -> dict[str, str]:
    """Return the environment variables of a worker: one thread, no colours, no caches outside its scratch folder."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "USER": "student",
        "HOME": "/tmp",
        "TMPDIR": "/tmp",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        **settings(),
        # Its heap in huge pages: the zygote is forked for each worker, and a fork copies the tables of pages. And one
        # heap for all threads: each other would take 64 MiB of the address space that a worker may have.
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1",
        **_kernel_choice(),
    }


def settings() -> dict[str, str]:
    """Return those of a worker's environment variables that make sense on any system."""
    return {
        "MPLBACKEND": "Agg",
        # A zygote that has used two OpenMP threads hangs its forks.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }


def _kernel_choice() -> dict[str, str]:
    """Pass on which kernel OpenBLAS is told to use: reference and submission must compute with the same."""
    return {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_") and "THREADS" not in name}


@functools.cache
def _entries(distributions: tuple[str, ...]) -> tuple[Path, ...]:
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
