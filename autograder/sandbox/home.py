"""Where a runtime lies on this machine: its interpreter, its packages, and what versions they have."""

import os
import platform
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import msgspec

from autograder.errors import RuntimeMissing
from autograder.sandbox.runtime import OWN, Runtime

__all__ = ["RECORD", "Home", "Installed", "home_of", "is_installed", "runtimes_folder"]

RECORD = "runtime.json"
"""The file that says what is installed in a runtime's folder; it is written last."""


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """What `RECORD` holds."""

    pins: str
    """SHA-256 of the pins and of all else that it was made from."""
    python: str
    """The interpreter, with links resolved."""
    base: str
    """The folder that holds it and its standard library."""
    version: str
    """Of the interpreter: `3.6.15`."""
    packages: dict[str, str]
    """The versions of the distributions that its students may import."""
    size: int
    """Bytes on the disk."""


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Where a runtime lies."""

    python: str
    base: str
    packages: tuple[Path, ...]
    """The files and folders of site-packages that its workers see."""
    paths: tuple[str, ...]
    """The folders that hold them."""
    versions: Mapping[str, str]
    """Of its Python and of the distributions that its students may import."""
    size: int = 0
    """Bytes on the disk, where it is a folder of its own."""


def runtimes_folder(state: Path) -> Path:
    """Return where runtimes are installed: AUTOGRADER_RUNTIMES, or a folder in the course's state."""
    return Path(os.environ.get("AUTOGRADER_RUNTIMES") or state / "runtimes")


def is_installed(runtime: Runtime, folder: Path | None) -> bool:
    """Does a runtime lie in `folder`, where runtimes are installed, or in the grader's own environment?"""
    return runtime.name == OWN or (folder is not None and (folder / runtime.name / RECORD).is_file())


def home_of(runtime: Runtime, folder: Path | None) -> Home:
    """Return where a runtime lies. That of the grader's own environment needs no `folder`.

    Raises:
        RuntimeMissing: it is not installed there, or what it was made with has gone.
        SandboxUnavailable: a package of the grader's own environment is missing.
    """
    if runtime.name == OWN:
        return Home(
            python=os.path.realpath(sys.executable),
            base=os.path.realpath(sys.base_prefix),
            packages=tuple(runtime.entries()),
            paths=(sysconfig.get_path("platlib"), sysconfig.get_path("purelib")),
            versions={"Python": platform.python_version(), **runtime.versions()},
        )
    how = f"Install it with `python grade.py runtimes install {runtime.name}`, then grade again."
    if folder is None or not is_installed(runtime, folder):
        raise RuntimeMissing(f"The runtime {runtime.name} is not installed, and this answer needs it. {how}")
    place = folder / runtime.name
    try:
        record = msgspec.json.decode((place / RECORD).read_bytes(), type=Installed)
    except (OSError, msgspec.DecodeError) as error:
        raise RuntimeMissing(f"{place / RECORD} cannot be read ({error}), so nothing can run there. {how}") from error
    if not os.path.exists(record.python):
        raise RuntimeMissing(f"{record.python}, which runs the runtime {runtime.name}, has gone. {how}")
    site = next(place.glob("lib/python3*/site-packages"), None)
    if site is None:
        raise RuntimeMissing(f"{place} has lost its packages, so nothing can run there. {how}")
    return Home(
        python=record.python,
        base=record.base,
        packages=tuple(sorted(entry for entry in site.iterdir() if entry.name != "__pycache__")),
        paths=(str(site),),
        versions={"Python": record.version, **record.packages},
        size=record.size,
    )
