"""One grader at a time empties an inbox."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import GraderError, UsageError

__all__ = ["alone"]

_LOCK = "inbox.lock"


@contextlib.contextmanager
def alone(state: Path, inbox: Path) -> Iterator[None]:
    """Be the only one who empties this inbox, and the only one who does so into this state.

    Raises:
        UsageError: somebody else is at it.
        GraderError: the state cannot be written.
    """
    with contextlib.ExitStack() as stack:
        try:
            state.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(state / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise GraderError(
                f"{state} cannot be written: {error.strerror}. Name another folder with --state."
            ) from error
        stack.callback(os.close, descriptor)
        # The folder itself is locked too, for a grader with another state. Students cannot open it for that.
        folder = os.open(inbox, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        stack.callback(os.close, folder)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _lock_folder(folder)
        except BlockingIOError:
            raise UsageError(
                f"Another grade.py is at work on {inbox}, or with the state {state}. Let it finish, or stop it."
            ) from None
        except OSError as error:
            raise GraderError(
                f"{state} cannot be locked: {error.strerror}. Name a folder on a disk of this machine with --state."
            ) from error
        yield


def _lock_folder(folder: int) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return  # A folder on NFS cannot be locked.
