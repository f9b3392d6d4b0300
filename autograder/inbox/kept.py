"""What the inbox has kept: each thing that was handed in, as it came, in the course's state."""

from collections.abc import Collection
from pathlib import Path

from autograder.inbox.plan import Outcome
from autograder.store import Received, Store

__all__ = ["folder", "graded", "place", "token"]


def folder(state: Path) -> Path:
    """Return the folder in which everything is kept."""
    return state / "received"


def place(state: Path, received: Received) -> Path:
    """Return where something that was handed in is kept."""
    return folder(state) / received.slug / f"{token(received)}.zip"


def token(received: Received) -> str:
    """Return what its student finds its feedback by; empty for what did not come by the inbox."""
    return received.name.rpartition("+")[2] if "+" in received.name else ""


def graded(store: Store, slugs: Collection[str]) -> list[Received]:
    """Return what came by the inbox for these exercises and was graded, in the order of recording."""
    return [one for one in store.received(slugs) if one.outcome == Outcome.GRADED and one.digest and token(one)]
