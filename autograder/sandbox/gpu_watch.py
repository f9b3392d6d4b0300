"""Holds the GPU memory of a sandbox's workers, from outside: what the driver says that they hold, not what they say."""

import contextlib
import os
import signal
import threading
from pathlib import Path

from autograder.sandbox.gpu import CONTEXT_BYTES, Seat, free_memory, held_memory

__all__ = ["GpuWatch"]

_WATCH_SECONDS = 0.05


class GpuWatch:
    """Looks a few times a second, and kills what holds more than a worker may."""

    def __init__(self, seat: Seat, root: int) -> None:
        """`root` is the process that all workers of the sandbox descend from."""
        self._seat = seat
        self._root = root
        self._kills = 0
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch GPU memory", daemon=True)
        self._thread.start()

    def take_kills(self) -> int:
        """Return how many processes were killed since this was last asked."""
        kills, self._kills = self._kills, 0
        return kills

    def is_starved(self) -> bool:
        """Do others hold so much that a worker and the one that waits cannot have what they may?"""
        ours = sum(self._held().values())
        return free_memory(self._seat.gpu) + ours < self._seat.worker_bytes + CONTEXT_BYTES

    def close(self) -> None:
        """Stop looking."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(_WATCH_SECONDS):
            # A driver that answers no more lets no worker start either, and that is told of.
            with contextlib.suppress(Exception):
                self.look()

    def look(self) -> None:
        """Kill, of the sandbox's processes, those that hold too much, by themselves or together."""
        ours = self._held()
        # One worker waits for the next submission, and holds a context.
        together = sum(ours.values()) > self._seat.worker_bytes + CONTEXT_BYTES
        if not together and all(used <= self._seat.worker_bytes for used in ours.values()):
            return
        most = max(ours.values())
        for process, used in ours.items():
            if used > CONTEXT_BYTES or used == most:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(process, signal.SIGKILL)
                    self._kills += 1

    def _held(self) -> dict[int, int]:
        """Return what each of the sandbox's processes holds of the GPU."""
        held = held_memory(self._seat.gpu)
        return {process: held[process] for process in _family(self._root) if process in held}


def _family(process: int) -> list[int]:
    """Return a process and all of its descendants, those that are in namespaces of their own too."""
    found = [process]
    for one in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found
