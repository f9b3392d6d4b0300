"""Files that are either the old one or the whole new one."""

import contextlib
import os
from pathlib import Path

__all__ = ["replace_file"]


def replace_file(path: Path, data: bytes, *, private: bool = False, durable: bool = False) -> None:
    """Write a file so that it is either the old one or the whole new one, and nothing half-written is left beside it.

    Args:
        path: the file; its folder is there.
        data: what it is to hold.
        private: only its owner may read it.
        durable: return when it is on the disk, so that it is there after a loss of power too.

    Raises:
        OSError: it cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600 if private else 0o666)
        with open(descriptor, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
            if durable:
                os.fsync(file.fileno())  # and its new name with it
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
