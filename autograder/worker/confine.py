"""What a worker gives up before student code runs.

`enter` is called in a fresh fork of the zygote and does not return: it makes namespaces, a small init that is process 1
in them, and beneath it the worker, in which it calls `body`. The zygote inherits the init, and killing that takes every
descendant with it.

Each step either succeeds or ends the process with `SETUP_FAILED`: there is no half-confined worker. What a step needs
from the machine is tried out once by `autograder.sandbox`, which decides on the tier; it is not decided here.
"""

import ctypes
import os
import resource
from typing import Any, Callable, Dict, List, Tuple

SETUP_FAILED = 113
"""Exit status of a worker that could not be confined; its reason is on its standard error."""

WORK = "/tmp/work"
"""The worker's current folder, on a file system of its own that ends with it."""

_CLONE_NEWNS = 0x00020000
_CLONE_NEWCGROUP = 0x02000000
_CLONE_NEWUTS = 0x04000000
_CLONE_NEWIPC = 0x08000000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWPID = 0x20000000
_CLONE_NEWNET = 0x40000000
_NAMESPACES = (
    _CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWNS | _CLONE_NEWIPC | _CLONE_NEWNET | _CLONE_NEWUTS | _CLONE_NEWCGROUP
)
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT, _MS_BIND = 1, 2, 4, 8, 32, 4096
_MS_REC, _MS_PRIVATE = 16384, 1 << 18
_DEVICES = ("full", "null", "pts", "random", "tty", "urandom", "zero")
"""What bubblewrap puts into /dev."""
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_SECCOMP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 4, 24, 22, 36, 38
_SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION_3 = 0x20080522
_USER = 1000
_RESERVED = 512 * 2**20
_NO_DUMP = 1
"""Bytes of a core dump. With 0 it would still be handed to a program, where the machine has one for that (core(5))."""

_libc = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """The kernel refused a step of the confinement."""


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def enter(
    limits: Dict[str, Any], body: Callable[[], None], descriptors: List[int], announce: Callable[[int], None]
) -> None:
    """Confine this process, call `body` in it, and exit.

    `announce` is called with the process number, as the zygote sees it, of what to kill in the end.

    `limits` has `namespaces` and `proc` (bool), `seccomp` (a BPF program as bytes, may be empty), `scratch`, `memory`,
    `file` (bytes), `processes` (a count) and `address_space` (bool: hold memory by what is mapped too, which a GPU's
    driver does not bear). Of the open files, only `descriptors` and the standard streams are kept.
    """
    try:
        mapped = _mapped()
        if limits["namespaces"]:
            _unshare()
            init = os.fork()
            if init:
                announce(init)
                os._exit(0)
            _mount(limits)
            worker = os.fork()
            if worker:
                _be_init(worker)
        # A session and a process group of its own: a signal or a priority for a group reaches the zygote's otherwise.
        os.setsid()
        _open_nothing()
        if not limits["namespaces"]:
            announce(os.getpid())
        _close_all_but(descriptors)
        _enter_scratch(limits)
        _give_up(limits, mapped)
    except (Refused, OSError, ValueError) as error:
        os.write(2, "cannot confine a worker: {}\n".format(error).encode())
        os._exit(SETUP_FAILED)
    try:
        body()
    except BaseException:
        os._exit(1)  # The student's code has broken its own process.
    os._exit(0)


def _check(result: int, step: str) -> None:
    if result != 0:
        raise Refused("could not {}: {}".format(step, os.strerror(ctypes.get_errno())))


def _unshare() -> None:
    uid, gid = os.getuid(), os.getgid()
    _check(_libc.unshare(_NAMESPACES), "make namespaces")
    for name, content in (
        ("setgroups", "deny"),
        ("uid_map", "{} {} 1".format(_USER, uid)),
        ("gid_map", "{} {} 1".format(_USER, gid)),
    ):
        with open("/proc/self/" + name, "w") as file:
            file.write(content)


def _mount(limits: Dict[str, Any]) -> None:
    def mount(source: str, target: str, flags: int, options: str = "") -> None:
        _check(
            _libc.mount(source.encode(), target.encode(), source.encode(), flags, options.encode()), "mount " + target
        )

    mount("none", "/", _MS_REC | _MS_PRIVATE)
    size = "size={},mode=0755,nr_inodes=20000".format(limits["scratch"])
    mount("tmpfs", "/tmp", _MS_NOSUID | _MS_NODEV, size)
    mount("tmpfs", "/dev/shm", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, size)
    for device in _DEVICES:
        # They are the machine's own: read-only they can be written to, and their times cannot be set.
        mount("none", "/dev/" + device, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | _MS_NOSUID | _MS_NOEXEC)
    if limits["proc"]:
        _be_first_to_die()
        mount("proc", "/proc", _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC)
    else:
        mount("tmpfs", "/proc", _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, "size=4k,mode=0555")


def _open_nothing() -> None:
    """Open a standard input of its own: flags and locks of one that is shared would outlive this process."""
    nothing = os.open("/dev/null", os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def _enter_scratch(limits: Dict[str, Any]) -> None:
    folder = WORK if limits["namespaces"] else limits["folder"]
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    os.environ["HOME"] = os.environ["TMPDIR"] = os.path.dirname(folder)


def _mapped() -> Tuple[int, int]:
    """Return the bytes of address space, and of private data in it, that its worker begins with."""
    with open("/proc/self/statm") as file:
        pages = [int(field) for field in file.read().split()]
    return pages[0] * resource.getpagesize(), pages[5] * resource.getpagesize()


def _give_up(limits: Dict[str, Any], mapped: Tuple[int, int]) -> None:
    sizes = {"CORE": _NO_DUMP, "FSIZE": limits["file"], "NOFILE": 1024, "MEMLOCK": 2**16, "MSGQUEUE": 0}
    for name, value in sizes.items():
        number = getattr(resource, "RLIMIT_" + name, None)
        if number is not None:
            _lower(number, value)
    if limits["address_space"]:
        space, data = mapped
        _lower(resource.RLIMIT_DATA, data + limits["memory"])
        # Libraries and what threads reserve are not data, and honest submissions have much of both.
        _lower(resource.RLIMIT_AS, space + limits["memory"] + _RESERVED)
    if not limits["namespaces"]:
        return
    # Counted within the worker's own user namespace, where there is also its init.
    _lower(resource.RLIMIT_NPROC, limits["processes"] + 1)
    # The zygote counts the worker's memory; within the namespace, the calls that could misuse this are filtered.
    _check(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "show its memory to the zygote")
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "set no_new_privs")
    _drop_capabilities()
    if limits["seccomp"]:
        _filter_calls(limits["seccomp"])


def _lower(number: int, value: int) -> None:
    hard = resource.getrlimit(number)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(number, (value, value))


def _be_first_to_die() -> None:
    """Let the kernel, when memory runs out, take this process and its children rather than the zygote; in a /proc that
    can be written, it would take this back.
    """
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass  # No /proc in this tier: the watchdog and the address space hold memory there.


def _drop_capabilities() -> None:
    number = 0
    while _libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0) == 0:
        number += 1
    if number == 0:
        raise Refused("could not drop capabilities from the bounding set")
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, (ctypes.c_uint32 * 6)()), "drop capabilities")


def _filter_calls(program: bytes) -> None:
    buffer = ctypes.create_string_buffer(program, len(program))
    filters = _Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    _check(_libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filters), 0, 0), "install the call filter")


def _close_all_but(kept: Any) -> None:
    highest = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, min(highest, 2**16))


def _be_init(worker: int) -> None:
    """Reap what dies in the namespace until the worker does, and end with its status; with 128 more than the number of
    the signal that ended it, as a shell says it, since process 1 cannot end by one.
    """
    _check(_libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "hide the init")
    _close_all_but(())
    while True:
        pid, status = os.wait()
        if pid == worker:
            os._exit(128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))


def become(uid: int) -> None:
    """Give up root for the user `uid`, for good. The zygote does it before it imports anything."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    # Changing user hides /proc/self from ourselves, which the user namespaces of workers are written through.
    _check(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "stay visible to ourselves")
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "set no_new_privs")


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "adopt orphans")


def mount_proc() -> None:
    """Mount an unmasked /proc: the kernel lets a user namespace have its own only where the one around it shows all."""
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    _check(_libc.mount(b"proc", b"/proc", b"proc", flags, None), "mount /proc")
