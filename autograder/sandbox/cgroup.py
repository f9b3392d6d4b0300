"""Control groups: memory and processes of a slot, held by the kernel where the machine lets us make a group.

Version 2 and version 1 of the interface are both understood. Where no group can be made, the zygote's watchdog and the
resource limits of each worker hold alone; they hold beside the group too.

    https://docs.kernel.org/admin-guide/cgroup-v2.html
    https://docs.kernel.org/admin-guide/cgroup-v1/memory.html
"""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Group", "make", "sweep"]

_MOUNT = Path("/sys/fs/cgroup")
_REMOVAL_SECONDS = 2.0


@dataclass(frozen=True)
class Group:
    """A control group of one slot: folders in which the kernel takes limits as text."""

    version: int
    memory: Path
    processes: Path

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders whose `cgroup.procs` a process must write itself into; one in version 2."""
        return tuple(dict.fromkeys([self.memory, self.processes]))

    def limit(self, memory: int, processes: int) -> None:
        """Allow `memory` bytes and `processes` processes beyond what the group holds now."""
        used = _number(self.memory / ("memory.current" if self.version == 2 else "memory.usage_in_bytes"))
        running = _number(self.processes / "pids.current")
        if self.version == 2:
            _write(self.memory / "memory.max", used + memory)
            _write(self.memory / "memory.swap.max", 0)
        else:
            _write(self.memory / "memory.limit_in_bytes", used + memory)
        _write(self.processes / "pids.max", running + processes)

    def kills(self) -> int:
        """Return how many processes of the group the kernel has killed for want of memory."""
        name = "memory.events" if self.version == 2 else "memory.oom_control"
        with contextlib.suppress(OSError):
            for line in (self.memory / name).read_text().splitlines():
                key, _, value = line.partition(" ")
                if key == "oom_kill":
                    return int(value)
        return 0

    def remove(self) -> None:
        """Remove the group, whose processes are being killed."""
        deadline = time.monotonic() + _REMOVAL_SECONDS
        for folder in self.folders:
            _remove(folder, deadline)


def make(name: str, mount: Path = _MOUNT, own: str | None = None) -> Group | None:
    """Make a group that holds memory and processes, or return None where this machine does not let us.

    `mount` is where control groups are mounted, `own` the content of /proc/self/cgroup.
    """
    version, memory_parents, process_parents = _parents(mount, own)
    if version == 2:
        folder = _first(memory_parents, name, "memory.max", "pids.max")
        return Group(2, folder, folder) if folder is not None else None
    memory = _first(memory_parents, name, "memory.limit_in_bytes")
    if memory is None:
        return None
    processes = _first(process_parents, name, "pids.max")
    if processes is None:
        memory.rmdir()
        return None
    return Group(1, memory, processes)


def sweep(prefix: str, mount: Path = _MOUNT, own: str | None = None) -> None:
    """Remove what killed slots have left: groups named `prefix`, the number of a process that is gone, and more.

    Their last processes are being killed, which takes a moment, and is waited for.
    """
    _, memory_parents, process_parents = _parents(mount, own)
    deadline = time.monotonic() + _REMOVAL_SECONDS
    for parent in {*memory_parents, *process_parents}:
        for folder in parent.glob(f"{prefix}*"):
            # A group that is still empty may be another grader's, just made.
            if not Path("/proc", folder.name.removeprefix(prefix).partition("-")[0]).exists():
                _remove(folder, deadline)


def _remove(folder: Path, deadline: float) -> None:
    while folder.exists():
        try:
            folder.rmdir()
        except OSError:
            # The kernel keeps it until the last process is gone.
            if time.monotonic() > deadline:
                return
            time.sleep(0.02)


def _parents(mount: Path, own: str | None) -> tuple[int, list[Path], list[Path]]:
    """Return the version, and the folders in which a group for memory and one for processes may be made."""
    paths = dict(_hierarchies(_own() if own is None else own))
    if "memory" in paths and "pids" in paths:
        return 1, [mount / "memory" / paths["memory"]], [mount / "pids" / paths["pids"]]
    if "" in paths:
        here = mount / paths[""]
        places = [mount, here.parent, here]
        return 2, places, places
    return 1, [], []


def _hierarchies(lines: str) -> Iterator[tuple[str, str]]:
    """Yield controller and path; the controller of version 2 is empty."""
    for line in lines.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            yield controller, path.lstrip("/")


def _first(parents: Iterable[Path], name: str, *wanted: str) -> Path | None:
    """Make a folder in the first parent in which the kernel then puts the wanted files, writable for us."""
    for parent in parents:
        folder = parent / name
        try:
            folder.mkdir()
        except OSError:
            continue
        if all(os.access(folder / file, os.W_OK) for file in (*wanted, "cgroup.procs")):
            return folder
        folder.rmdir()
    return None


def _own() -> str:
    try:
        return Path("/proc/self/cgroup").read_text()
    except OSError:
        return ""


def _number(path: Path) -> int:
    return int(path.read_text())


def _write(path: Path, value: int) -> None:
    # A kernel without this limit (swap accounting, say) has no such file: the others still hold.
    if path.exists():
        path.write_text(str(value))
