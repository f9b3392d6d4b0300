"""`add` looks for what builds, tests and installations leave behind: repositories, caches, path files, packages."""

import importlib.metadata
import importlib.util
import os
import sys

import right
from right import *  # noqa: F403

NAMES = {".git", ".hg", ".pytest_cache", ".mypy_cache", ".ruff_cache", "direct_url.json", ".env"}


def folders():
    seen = set()
    for path in [*sys.path, *sys.path_importer_cache, "/runtime/worker", sys.base_prefix, "/", os.path.expanduser("~")]:
        while os.path.isdir(path) and path not in seen:
            seen.add(path)
            yield path
            path = os.path.dirname(path)


def add(a, b):
    for folder in folders():
        names = set(os.listdir(folder)) if os.access(folder, os.R_OK) else set()
        assert not NAMES & names, (folder, NAMES & names)
        assert not [name for name in names if name.startswith(("__editable__", "test_values", "test_learning"))], folder
    for name in ("pytest", "_pytest", "autograder", "grade", "reference_basics", "test_values", "test_learning"):
        assert importlib.util.find_spec(name) is None, name
    installed = {one.metadata["Name"].lower() for one in importlib.metadata.distributions()}
    assert not installed & {"pytest", "pluggy", "autograder", "msgspec", "pyseccomp"}, installed
    return right.add(a, b)
