"""Which file of a kit's folder is the answer, for `autograder check` and `submit` alike."""

from pathlib import Path

from autograder.assignment import GIVEN, Kit

__all__ = ["BESIDE", "changed_last"]

BESIDE = GIVEN | {"__pycache__", ".pytest_cache", ".ipynb_checkpoints"}
"""What lies in a kit's folder beside the answer: what it came with, and what tools put there."""

_TOGETHER_SECONDS = 2.0
"""Within this time the files of a new kit are written."""


def changed_last(kit: Kit) -> Path:
    """Return the folder of an exercise, or its notebook where that was changed after the module beside it."""
    module = kit.folder / f"{kit.module}.py"
    notebooks = sorted(kit.folder.glob("*.ipynb"), key=lambda path: path.stat().st_mtime)
    if not module.is_file() or not notebooks:
        return kit.folder
    later = notebooks[-1].stat().st_mtime - module.stat().st_mtime
    return notebooks[-1] if later > _TOGETHER_SECONDS else kit.folder
