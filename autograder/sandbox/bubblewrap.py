"""The real sandbox: a zygote behind bubblewrap, and workers that confine themselves further.

Two ways lead in. As root, bubblewrap arranges the file system and the zygote then becomes a user of its own. As anyone
else, bubblewrap makes a user namespace first. Either way the zygote sees a read-only system, its runtime's packages
and the worker's code; it has no network, and it is alone in its process namespace.
"""

import contextlib
import dataclasses
import functools
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograder.errors import GpuUnavailable, SandboxUnavailable
from autograder.machine import in_container
from autograder.sandbox import runtime as runtimes
from autograder.sandbox import seccomp, selftest
from autograder.sandbox.base import Bounds, SandboxFailed
from autograder.sandbox.boot import WORKER_FOLDER, boot
from autograder.sandbox.gpu import Seat
from autograder.sandbox.home import Home, home_of
from autograder.sandbox.zygote import Recipe

__all__ = ["ZYGOTE", "find_recipe", "likely_recipe", "try_on_gpu", "try_out", "usable_recipe"]

ZYGOTE = boot("from _autograder_worker import zygote; zygote.main(int(sys.argv[2]))")
"""The program of a zygote; its arguments are the worker's folder and the number of its control socket."""

_ETC = Path(__file__).parent / "etc"
_TRIAL = Bounds(memory=2**28, scratch=2**20, reply=2**16, output=2**16, processes=8)
_TRIAL_ON_GPU = dataclasses.replace(_TRIAL, memory=2**32)
_TRIAL_SECONDS = 5.0
_ADVICE = "Allow unprivileged user namespaces or run as root"
_ADVICE_IN_CONTAINER = (
    "Start it with a seccomp profile that lets it make namespaces (--security-opt seccomp=FILE; docs/container.md has "
    "one), and where AppArmor forbids them with --security-opt apparmor=unconfined"
)
_SITE = "/runtime/site-packages"
_SHIM = "/runtime/worker"
_ARGUMENTS = ("-I", "-S", "-B", "-c", ZYGOTE, _SHIM)
_NAME = ("--hostname", "grader")
_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/localtime",
)


def find_recipe(runtime_name: str, folder: Path | None = None) -> Recipe:
    """Return the strongest recipe that works on this machine and holds every attack of the self-test.

    `folder` is where runtimes are installed; the grader's own needs none.

    Raises:
        RuntimeMissing: the runtime is not installed there.
        SandboxUnavailable: none works, or one does not hold; the message says why and what to do.
    """
    return try_out(runtime_name, folder)[0]


def try_out(runtime_name: str, folder: Path | None = None) -> tuple[Recipe, list[selftest.Attack]]:
    """Return what `find_recipe` does, and the attacks that were tried.

    Raises:
        SandboxUnavailable: as for `find_recipe`.
    """
    failures = []
    for name, recipe in _recipes(runtime_name, folder):
        try:
            attacks = _attacked(recipe)
        except SandboxFailed as error:
            failures.append(f"{name}: {error}")
            continue
        # Weaker ways are not tried: what lets one attack through here is a fault to be found, not to be stepped round.
        worked = selftest.broken(attacks)
        if worked:
            raise SandboxUnavailable(
                f"The sandbox of this machine does not hold, so nothing is graded: {worked}. "
                "Please report it with what `grade.py doctor` prints; --practice gives marks that are not valid."
            )
        return recipe, attacks
    raise SandboxUnavailable(
        f"No sandbox works {'in this container' if in_container() else 'on this machine'}, so nothing can be graded "
        f"safely. Tried: {'; '.join(failures)}. {_ADVICE_IN_CONTAINER if in_container() else _ADVICE}, "
        "or add --practice, whose marks are not valid."
    )


def _attacked(recipe: Recipe) -> list[selftest.Attack]:
    try:
        return selftest.run(recipe)
    except SandboxFailed:
        # Once more: somebody may have killed it, and a weaker sandbox must not be taken for that.
        return selftest.run(recipe)


def likely_recipe(runtime_name: str, folder: Path | None = None) -> Recipe:
    """Return the strongest recipe that starts at all, without an attack on it; the strongest one where none does.

    Raises:
        SandboxUnavailable: bubblewrap or a package that workers need is not installed.
    """
    strongest: Recipe | None = None
    for _, recipe in _recipes(runtime_name, folder):
        if _starts(recipe.command[: -len(_ARGUMENTS) - 1]):
            return recipe
        strongest = strongest or recipe
    assert strongest is not None
    return strongest


def usable_recipe(runtime_name: str, folder: Path | None = None) -> Recipe:
    """Return the strongest recipe in which a worker starts here, without an attack on it: for code of one's own.

    Raises:
        SandboxUnavailable: none works; the message says why.
    """
    failures = []
    for name, recipe in _recipes(runtime_name, folder):
        light = dataclasses.replace(recipe, orders={**recipe.orders, "preload": [], "framework": None})
        try:
            with contextlib.closing(light.start()) as sandbox, contextlib.closing(sandbox.open(_TRIAL)) as session:
                session.call({"op": "hold", "value": None, "device": None}, _TRIAL_SECONDS)
        except SandboxFailed as error:
            failures.append(f"{name}: {error}")
            continue
        return recipe
    raise SandboxUnavailable("No sandbox works on this machine. Tried: " + "; ".join(failures) + ".")


def _starts(command: Sequence[str]) -> bool:
    """Can bubblewrap do all of this, and run a program in it?"""
    try:
        return subprocess.run([*command, "true"], capture_output=True, timeout=_TRIAL_SECONDS).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@functools.cache
def _may_name_host(program: str) -> bool:
    """May a user namespace have a host name of its own? Podman's seccomp profile forbids it."""
    return _starts([program, "--unshare-user", "--unshare-uts", *_NAME, "--ro-bind", "/", "/"])


def try_on_gpu(runtime_name: str, seat: Seat) -> None:
    """Have a worker compute on a GPU.

    Raises:
        GpuUnavailable: it cannot; the message says why.
        SandboxUnavailable: bubblewrap or a package that workers need is not installed.
    """
    recipe = likely_recipe(runtime_name).on(seat)
    try:
        with contextlib.closing(recipe.start()) as sandbox, contextlib.closing(sandbox.open(_TRIAL_ON_GPU)) as session:
            session.call({"op": "hold", "value": None, "device": None}, _TRIAL_SECONDS)
    except SandboxFailed as error:
        raise GpuUnavailable(f"no worker could compute on {seat.gpu.name} ({error}). Look at nvidia-smi") from error


def _recipes(runtime_name: str, folder: Path | None = None) -> Iterator[tuple[str, Recipe]]:
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxUnavailable(
            "bubblewrap is not installed, and submissions run only behind it. Install it (Debian, Ubuntu: `apt install "
            "bubblewrap`), or add --practice to try things out without a sandbox, with marks that are not valid."
        )
    runtime = runtimes.find(runtime_name)
    home = home_of(runtime, folder)
    if os.geteuid() == 0:
        yield "as root", _recipe(program, runtime, home, root=True, proc=True)
    yield "in a user namespace", _recipe(program, runtime, home, root=False, proc=True)
    yield "in a user namespace without its own /proc", _recipe(program, runtime, home, root=False, proc=False)


def _recipe(program: str, runtime: runtimes.Runtime, home: Home, *, root: bool, proc: bool) -> Recipe:
    command = [program, "--die-with-parent", "--new-session", "--clearenv"]
    command += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if not root:
        command += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    if root or _may_name_host(program):
        command += _NAME
    for name, value in runtimes.environment(runtime).items():
        command += ["--setenv", name, value]
    command += _file_system(home)
    # bubblewrap masks parts of the /proc that it mounts, and the kernel then denies workers one of their own; so root's
    # zygote mounts an unmasked one before it stops being root.
    # Where a new /proc cannot be mounted at all, the zygote sees the one around it, and its workers an empty folder.
    command += ["--dir", "/proc"] if root else ["--proc", "/proc"] if proc else ["--bind", "/proc", "/proc"]
    command += ["--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp", "--symlink", "/tmp", "/var/tmp"]
    # Where one user owns all that bubblewrap makes, a worker could leave notes for the next in /dev.
    command += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"]
    return Recipe(
        tier="full" if proc else "container",
        command=(*command, home.python, *_ARGUMENTS),
        environment={"PATH": os.environ.get("PATH", "/usr/bin:/bin")},
        orders={
            "mount_proc": root,
            "uid": None,
            "paths": [_SITE],
            "preload": runtime.preload,
            "framework": runtime.framework,
            "seccomp": seccomp.program().hex(),
        },
        namespaces=True,
        proc=proc,
        own_user=root,
        versions={} if runtime.name == runtimes.OWN else home.versions,
    )


def _file_system(home: Home) -> list[str]:
    binds: list[tuple[str, str]] = [
        (path, path) for path in _SYSTEM if os.path.exists(path) and not os.path.islink(path)
    ]
    if not home.base.startswith("/usr/") and home.base != "/usr":
        binds.append((home.base, home.base))
    binds += [(str(path), f"{_SITE}/{path.name}") for path in home.packages]
    binds += [(str(path), f"/etc/{path.name}") for path in sorted(_ETC.iterdir())]
    binds.append((str(WORKER_FOLDER), _SHIM))
    command: list[str] = []
    for folder in sorted({str(parent) for _, target in binds for parent in Path(target).parents} - {"/"}):
        # Made here, readable: bubblewrap would copy the narrow permissions of the folders they stand for.
        command += ["--perms", "0755", "--dir", folder]
    for source, target in binds:
        command += ["--ro-bind", source, target]
    for path in _SYSTEM:
        if os.path.islink(path):
            command += ["--symlink", os.readlink(path), path]
    return command
