"""Makes a runtime: a virtual environment of the right Python with pinned packages, which then shows that it computes.

It is built in a folder beside its place and renamed when it has passed. What an interrupted one has done is kept, and
the next goes on from there. One that was made from the same pins is left as it is.
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from autograder.errors import GraderError, UsageError
from autograder.sandbox.home import RECORD, Installed, home_of
from autograder.sandbox.python import Python, find_python
from autograder.sandbox.runtime import OWN, Runtime, environment

__all__ = ["install"]

_PINS = Path(__file__).parent / "runtimes"
_BEGUN = "begun"
"""The file in an unfinished environment that says what it is made from."""
_OLD_PIP = {"3.6": "pip==21.3.1"}
"""For which Python pip must be replaced first: the one that it comes with knows no wheel of today."""
_TOOLS = ("pip", "setuptools", "wheel")
_CHECK_SECONDS = 300
_KEPT_LINES = 40
_NO_NETWORK = ("NewConnectionError", "Temporary failure in name resolution", "ProxyError", "ConnectTimeoutError")

Say = Callable[[str], None]


def install(runtime: Runtime, folder: Path, python: str | None = None, say: Say = lambda line: None) -> bool:
    """Install a runtime in a folder of its name in `folder`; return False where that is done already, by that Python.

    Args:
        runtime: which one.
        folder: where runtimes are installed; it is made where it is missing.
        python: the interpreter to use, in place of the first right one that is found.
        say: is told what is being done, a line at a time.

    Raises:
        UsageError: the runtime is the grader's own, or there is no right Python.
        GraderError: a package cannot be had, the disk is full, or what was installed does not compute.
    """
    if runtime.name == OWN:
        raise UsageError(f"The runtime {OWN} is part of the grader's own environment; `make setup` installs it.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / f".{runtime.name}.lock"):
            pins = _pins_digest(runtime)
            chosen = find_python(runtime.python, python) if python else None
            if _is_current(runtime, folder, pins, chosen):
                return False
            _build(runtime, folder, chosen or find_python(runtime.python), pins, say)
    except OSError as error:
        raise GraderError(
            f"The runtime {runtime.name} cannot be installed in {folder}: {error.strerror or error}. "
            "Mend that, or name another place with --to, and install it again."
        ) from error
    return True


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Be the only one to install this runtime here."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise GraderError(
                f"Somebody is installing this already ({path} is locked). Wait until it is done."
            ) from None
        yield


def _pins_digest(runtime: Runtime) -> str:
    digest = hashlib.sha256()
    for name in (f"{runtime.name}.txt", *sorted({source for source, _ in runtime.libraries})):
        digest.update((_PINS / name).read_bytes())
    return digest.hexdigest()


def _is_current(runtime: Runtime, folder: Path, pins: str, chosen: Python | None) -> bool:
    with contextlib.suppress(OSError, msgspec.DecodeError, GraderError):
        record = msgspec.json.decode((folder / runtime.name / RECORD).read_bytes(), type=Installed)
        same_python = chosen is None or record.python == chosen.path
        return record.pins == pins and same_python and bool(home_of(runtime, folder))
    return False


def _build(runtime: Runtime, folder: Path, python: Python, pins: str, say: Say) -> None:
    free = shutil.disk_usage(folder).free
    if free < 2 * runtime.size:
        raise GraderError(
            f"{folder} has {free / 2**20:.0f} MiB left, and installing {runtime.name} takes up to "
            f"{2 * runtime.size / 2**20:.0f} MiB. Make room, or name another place with --to."
        )
    place = folder / f".{runtime.name}.partial"
    program = str(place / "bin" / "python")
    begun = f"{pins} {python.path}"
    if not (place / _BEGUN).is_file() or (place / _BEGUN).read_text() != begun:
        shutil.rmtree(place, ignore_errors=True)
        say(f"making an environment of Python {python.version}")
        _run([python.path, "-m", "venv", str(place)], runtime, say)
        (place / _BEGUN).write_text(begun)
    pip = [program, "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    if runtime.python in _OLD_PIP:
        _run([*pip, "install", _OLD_PIP[runtime.python]], runtime, say)
    _run([*pip, "install", "--no-deps", "--requirement", str(_PINS / f"{runtime.name}.txt")], runtime, say)
    site = next(place.glob("lib/python3*/site-packages"))
    for source, target in runtime.libraries:
        say(f"compiling {target}")
        _compile(_PINS / source, site / target, runtime, say)
    # An environment that grades is changed by nobody. Without pip it cannot be gone on with either.
    (place / _BEGUN).unlink()
    _run([*pip, "uninstall", "--yes", *_TOOLS], runtime, say)
    say("computing a derivative")
    _check(runtime, python, site)
    _finish(runtime, folder, place, python, site, pins)


def _run(command: Sequence[str], runtime: Runtime, say: Say) -> None:
    """Run a step, and pass on what it prints.

    Raises:
        GraderError: it failed.
    """
    kept: list[str] = []
    # Workers, who are another user, read what is made here.
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, umask=0o022
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line.strip():
                    kept = [*kept, line.strip()][-_KEPT_LINES:]
                    say(line.strip())
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise GraderError(f"The runtime {runtime.name} could not be installed: {_why(kept)}")


def _why(lines: Sequence[str]) -> str:
    """Return what the last lines of a failed step say, and what to do."""
    text = "\n".join(lines)
    again = "install it again: it goes on where it stopped."
    if "No space left on device" in text:
        return f"the disk is full. Make room, and {again}"
    if any(word in text for word in _NO_NETWORK):
        return f"the package index cannot be reached. Look at the network and at pip's settings, and {again}"
    errors = [line for line in lines if line.upper().startswith("ERROR")] or list(lines[-1:]) or ["it said nothing"]
    return f"{errors[-1].rstrip('.')}. Mend that, and {again}"


def _compile(source: Path, target: Path, runtime: Runtime, say: Say) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise GraderError(
            f"The runtime {runtime.name} needs a small library that is compiled here, and there is no C compiler. "
            "Install one (Debian, Ubuntu: `apt install gcc libc6-dev`), and install it again."
        )
    options = ["-O1", "-shared", "-fPIC", f"-Wl,-soname,{target.name}"]
    _run([compiler, *options, "-o", str(target), str(source)], runtime, say)


def _check(runtime: Runtime, python: Python, site: Path) -> None:
    """Compute the derivative of x**2 at 2, with what a worker will have.

    Raises:
        GraderError: it is not 4.
    """
    program = f"import sys\nsys.path.insert(0, {str(site)!r})\n{runtime.derivative}"
    with tempfile.TemporaryDirectory(prefix="autograder-") as scratch:
        settings = {**environment(runtime), "HOME": scratch, "TMPDIR": scratch}
        try:
            done = subprocess.run(
                [python.path, "-I", "-S", "-B", "-c", program],
                cwd=scratch,
                env=settings,
                capture_output=True,
                text=True,
                timeout=_CHECK_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise GraderError(
                f"The runtime {runtime.name} took more than {_CHECK_SECONDS} s for one derivative. Install it again "
                "when this machine has less to do."
            ) from None
    if done.stdout.split()[-1:] != ["4.0"]:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or ["it printed nothing"]
        needs = f" It needs the Debian packages {' and '.join(runtime.needs)}." if runtime.needs else ""
        raise GraderError(
            f"The runtime {runtime.name} was installed and does not compute: {said[0].rstrip('.')}.{needs} "
            "Mend that, and install it again."
        )


def _finish(runtime: Runtime, folder: Path, place: Path, python: Python, site: Path, pins: str) -> None:
    found = {
        one.name.lower().replace("_", "-"): one.version for one in importlib.metadata.distributions(path=[str(site)])
    }
    record = Installed(
        pins=pins,
        python=python.path,
        base=python.base,
        version=python.version,
        packages={name: found[name] for name in runtime.distributions},
        size=sum(path.lstat().st_size for path in place.rglob("*")),
    )
    (place / RECORD).write_bytes(msgspec.json.format(msgspec.json.encode(record)) + b"\n")
    target, old = folder / runtime.name, folder / f".{runtime.name}.old"
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    place.rename(target)
    shutil.rmtree(old, ignore_errors=True)
