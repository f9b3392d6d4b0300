"""The course's secret, from which hidden inputs are drawn."""

import contextlib
import hashlib
import os
import secrets
import tempfile
from pathlib import Path

from autograder.errors import GraderError
from autograder.machine import other_state

__all__ = ["course_secret", "secret_id"]

_SECRET_BYTES = 32


def course_secret(folder: Path) -> bytes:
    """Return the secret kept in a store's folder, making one at first use, readable by its owner only.

    Raises:
        GraderError: it cannot be read or made.
    """
    path = folder / "secret"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_new(path, secrets.token_bytes(_SECRET_BYTES))
        secret = path.read_bytes()
    except OSError as error:
        raise GraderError(
            f"The course's secret {path} cannot be read or made: {error.strerror}. {other_state(folder)}"
        ) from error
    if len(secret) < _SECRET_BYTES:
        raise GraderError(
            f"The course's secret {path} is shorter than {_SECRET_BYTES} bytes. Delete it to have a new one made."
        )
    return secret


def _write_new(path: Path, secret: bytes) -> None:
    """Write a file, readable by its owner only, unless another grader is first: whole, or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:
        file.write(secret)
        file.flush()
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)


def secret_id(secret: bytes) -> str:
    """Return a name for a secret that does not give it away."""
    return hashlib.sha256(b"name of a secret\0" + secret).hexdigest()[:12]
