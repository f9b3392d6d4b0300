"""The submission that the self-test hands in. It is never imported here; `selftest.py` sends it to a worker.

Each function attacks in earnest and returns what it could do, in words, or nothing. Syntax of Python 3.6, standard
library only: workers of every runtime try it.
"""

import ctypes
import importlib.util
import os
import signal
import socket
import struct
from typing import Any, Callable, List, Optional

_NOTES = ("/tmp", "/var/tmp", "/dev/shm", "/dev", "/")
_libc = ctypes.CDLL(None, use_errno=True)


def _works(action: Callable[..., Any], *args: Any) -> bool:
    """Can this be done without an error?"""
    try:
        action(*args)
    except (OSError, ValueError):
        return False
    return True


def _reads(path: str) -> None:
    with open(path, "rb") as file:
        file.read(1)


def _touches(path: str) -> None:
    open(path, "ab").close()


def see_processes(own_proc: bool) -> Optional[str]:
    """Other processes than this one and its init, and what the init and the zygote hold."""
    numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    strangers = sorted(set(numbers) - {1, os.getpid()})
    if strangers:
        return "it saw the processes {}".format(strangers[:5])
    if own_proc and os.getpid() not in numbers:
        return "its /proc is not its own"
    for name in ("environ", "mem", "maps", "fd/0", "cwd/.", "root/."):
        if _works(_reads if name.count("/") == 0 else os.stat, "/proc/1/" + name):
            return "it read {} of its init".format(name)
    return None


def hold_descriptors() -> Optional[str]:
    """Open files beside the standard streams and the two pipes."""
    held = []
    for number in range(4096):
        if _works(os.fstat, number):
            held.append(number)
    return None if len(held) == 5 and held[:3] == [0, 1, 2] else "it holds the descriptors {}".format(held)


def find_the_grader(paths: List[str], modules: List[str]) -> Optional[str]:
    """Files and modules of the grader, its tests and its answers."""
    found = [path for path in paths if os.path.lexists(path)]
    found += [name for name in modules if importlib.util.find_spec(name) is not None]
    return "it found {}".format(", ".join(found)) if found else None


def reach_the_network(port: int, name: str) -> Optional[str]:
    """A listener on the host's loopback, an abstract socket of the host, and any address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream:
        stream.settimeout(0.2)
        if _works(stream.connect, ("127.0.0.1", port)):
            return "it reached a port of this machine"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        if _works(datagram.sendto, b"out", ("192.0.2.1", 53)):
            return "it sent a datagram"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as local:
        if _works(local.connect, "\0" + name):
            return "it reached a socket of this machine"
    return None


def change_the_system(paths: List[str]) -> Optional[str]:
    """Writing where the next submission would read."""
    for path in paths:
        if _works(_touches, path):
            return "it could write to {}".format(path)
        if _works(os.mkdir, os.path.join(os.path.dirname(path), "selftest")):
            return "it could write beside {}".format(path)
    return None


def gain_rights() -> Optional[str]:
    """Root, namespaces, mounts, and the memory of its init."""
    new_user, attach, no_new_privs, seccomp = 0x10000000, 16, 39, 21
    if _works(os.setuid, 0) or 0 in os.getresuid():
        return "it became root"
    if _libc.unshare(new_user) == 0:
        return "it made a user namespace"
    if _libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
        return "it mounted a file system"
    if _libc.ptrace(attach, 1, None, None) == 0:
        return "it attached to its init"
    if _libc.chroot(b"/tmp") == 0:
        return "it changed its root"
    if _libc.prctl(no_new_privs, 0, 0, 0, 0) != 1 or _libc.prctl(seccomp, 0, 0, 0, 0) != 2:
        return "its system calls are not filtered"
    return None


def fill_memory(limit: int) -> Optional[str]:
    """Twice the memory that it may have. It is stopped by an error, or for good."""
    held = []  # type: List[bytes]
    try:
        while len(held) * 2**22 < 2 * limit:
            held.append(b"x" * 2**22)
    except MemoryError:
        return None
    return "it held twice the memory that it may"


def fill_disk(limit: int) -> Optional[str]:
    """Twice the disk that it may have."""
    try:
        with open("large", "wb") as file:
            for _ in range(2 * limit // 2**16):
                file.write(b"x" * 2**16)
    except OSError:
        return None
    return "it wrote twice what it may"


def fork_many(limit: int) -> Optional[str]:
    """More processes than it may have."""
    children = []  # type: List[int]
    try:
        while len(children) <= limit:
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
    except OSError:
        return None
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
    return "it had more than {} processes".format(limit)


def leave_a_daemon(name: str) -> None:
    """A process of its own session, under a name by which it can be looked for."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            _libc.prctl(15, name.encode(), 0, 0, 0)
            for _ in range(600):
                signal.sigtimedwait([], 0.1)
        os._exit(0)


def leave_notes(name: str) -> None:
    """Files wherever they can be left."""
    for folder in _NOTES:
        _works(_touches, os.path.join(folder, name))


def find_notes(name: str) -> Optional[str]:
    """What another submission has left."""
    found = [folder for folder in _NOTES if os.path.exists(os.path.join(folder, name))]
    return "it found a note of another submission in {}".format(found[0]) if found else None


def end_with_success() -> None:
    """An end that says that all is well."""
    os._exit(0)


def forge_an_answer(value: str) -> None:
    """An answer to a request that was not made, on every pipe."""
    header = b'["d","id","0","value",' + value.encode() + b"]\n"
    for number in range(3, 4096):
        _works(os.write, number, struct.pack(">Q", len(header)) + header)
