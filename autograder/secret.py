"""The course's secret, from which hidden inputs are drawn."""

import hashlib
import os
import secrets
from pathlib import Path

from autograder.errors import GraderError

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
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            secret = path.read_bytes()
        else:
            secret = secrets.token_bytes(_SECRET_BYTES)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secret)
    except OSError as error:
        raise GraderError(
            f"The course's secret {path} cannot be read or made: {error.strerror}. Name another folder with --state."
        ) from error
    if len(secret) < _SECRET_BYTES:
        raise GraderError(
            f"The course's secret {path} is shorter than {_SECRET_BYTES} bytes. Delete it to have a new one made."
        )
    return secret


def secret_id(secret: bytes) -> str:
    """Return a name for a secret that does not give it away."""
    return hashlib.sha256(b"name of a secret\0" + secret).hexdigest()[:12]
