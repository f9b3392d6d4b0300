"""Finds a Python of a given version on this machine."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from autograder.errors import UsageError

__all__ = ["Python", "find_python"]

_ASK = """
import json, os, platform, sys, venv, ensurepip
print(json.dumps({"path": os.path.realpath(sys.executable), "base": os.path.realpath(sys.base_prefix),
                  "version": platform.python_version()}))
"""
_SECONDS = 20


class Python(msgspec.Struct, frozen=True):
    """An interpreter."""

    path: str
    """With links resolved."""
    base: str
    """The folder that holds it and its standard library."""
    version: str
    """`3.11.7`."""


def find_python(version: str, given: str | None = None) -> Python:
    """Return a Python of a version such as `3.6`: the one that is `given`, or the first that is found.

    This one is looked at, then PATH, then what pyenv has installed.

    Raises:
        UsageError: there is none that can make virtual environments, or the one that was given is none.
    """
    for path in [given] if given else _candidates(version):
        found = _ask(path)
        if found is not None and found.version.startswith(f"{version}."):
            return found
    if given:
        raise UsageError(
            f"{given} is no Python {version} that can make virtual environments. Name another with --python."
        )
    raise UsageError(
        f"No Python {version} was found on PATH or among pyenv's, and these packages are built for no other. "
        f"Install one with its venv module (`pyenv install {version}`), or name it with --python."
    )


def _ask(path: str) -> Python | None:
    try:
        done = subprocess.run([path, "-I", "-c", _ASK], capture_output=True, timeout=_SECONDS, check=True)
        return msgspec.json.decode(done.stdout, type=Python)
    except (OSError, subprocess.SubprocessError, msgspec.DecodeError):
        return None  # A shim of pyenv's for a version that is not active, say.


def _candidates(version: str) -> Iterator[str]:
    yield sys.executable
    on_path = shutil.which(f"python{version}")
    if on_path is not None:
        yield on_path
    for root in _pyenv_roots():
        yield from (str(path) for path in sorted(root.glob(f"versions/{version}.*/bin/python{version}"), reverse=True))


def _pyenv_roots() -> Iterator[Path]:
    if "PYENV_ROOT" in os.environ:
        yield Path(os.environ["PYENV_ROOT"])
    if shutil.which("pyenv") is not None:
        done = subprocess.run(["pyenv", "root"], capture_output=True, text=True, timeout=_SECONDS, check=False)
        if done.stdout.strip():
            yield Path(done.stdout.strip())
    yield Path.home() / ".pyenv"
