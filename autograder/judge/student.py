"""The submission at arm's length: what hidden tests call `student`.

`Connection` keeps one worker at a time, starts another when one has ended, and turns replies into values or verdicts.
`Student`, `Function` and `Handle` are the faces that tests see; docs/authoring.md is their manual.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograder.assignment import Limits
from autograder.errors import nearest
from autograder.judge.trace import Recorder, Trace
from autograder.judge.values import pack, unpack
from autograder.judge.verdict import NotPlain, Raised, Verdict, told
from autograder.result import Status
from autograder.sandbox.base import Exit, Killed, SandboxFailed, Session, TimedOut
from autograder.worker import wire

__all__ = ["Connection", "Function", "Handle", "Student"]

# How much of what a worker claims in words is listened to.
_NAME, _NAMES, _PHRASE, _MESSAGE, _LINES = 60, 200, 200, 4000, 13
_MADE_UP = re.compile(r"<[a-z]+>")
"""Names that Python gives: <module>, <lambda>, <listcomp>."""
_LINE = re.compile(r"(?P<file>.+), line (?P<number>[0-9]{1,9}), in (?P<name>.+)")


class Connection:
    """The judge's way to one submission."""

    def __init__(
        self,
        open_session: Callable[[], Session],
        module: str,
        files: Mapping[str, bytes],
        device: str,
        limits: Limits,
        *,
        public: bool = False,
    ) -> None:
        """`device` is `cpu`, `cuda` or `simulated`: what the worker's `cuda` is to be. `public`: no input is hidden."""
        self._open = open_session
        self._files = dict(files)
        self._load = {"op": "load", "module": module, "files": self._files, "device": device}
        self._limits = limits
        self._public = public
        self._deadline = time.monotonic() + limits.total_seconds
        self._session: Session | None = None
        self._failed_load: Exit | Verdict | None = None
        self._output = ""
        self._recorder = Recorder()
        self._reset: dict[str, int] = {}
        self._used = False
        self._waited, self._waiting_since = 0.0, 0.0

    def waited(self) -> float:
        """Return the seconds in which a worker was waited for so far."""
        since = self._waiting_since
        return self._waited + (time.monotonic() - since if since else 0.0)

    def begin_test(self, seed: int, *, fresh: bool) -> None:
        """Have the worker set its seeds and global state before the next request; with `fresh`, in a new worker."""
        # What an earlier test left running may have ended the worker, or speak out of turn: not this test's fault.
        if fresh or (self._session is not None and not self._session.is_silent()):
            self.close()
        self._reset = {"reset": seed}
        self.take_output()

    def request(self, subject: str, request: Mapping[str, Any], seconds: float | None = None) -> Any:
        """Send a request about `subject` and return the plain value of its reply.

        Raises:
            Exit: the worker's service ended; the next request goes to a new one.
            Verdict: the student's code raised, is missing, or returned what cannot be sent; or the submission cannot be
                imported, which is the same again for each test.
        """
        session = self._ensure()
        request, self._reset = {**request, **self._reset}, {}
        # The first request in a worker that served an earlier test may meet what that test left behind.
        inherited = self._used and "reset" in request
        try:
            return self._exchange(session, subject, request, seconds)
        except SandboxFailed:
            raise
        except Exit:
            if not inherited:
                raise
        return self._exchange(self._ensure(), subject, request, seconds)

    def _exchange(self, session: Session, subject: str, request: Mapping[str, Any], seconds: float | None) -> Any:
        left = self._deadline - time.monotonic()
        seconds = self._limits.call_seconds if seconds is None else seconds
        try:
            if left <= 0:
                raise TimedOut(f"was not run: the whole submission took its {self._limits.total_seconds:g} s")
            self._waiting_since = time.monotonic()
            reply = session.call(request, min(seconds, left))
        except Exit as error:
            self._output += session.take_output()
            self.close()
            raise type(error)(f"{subject} {error}.") from None
        finally:
            self._waited, self._waiting_since = self.waited(), 0.0
        self._used = request["op"] != "load"
        self._recorder.add(request, reply)
        try:
            return _value(subject, reply, request, self._files, blind=self._public or request["op"] == "load")
        except Raised as error:
            if error.status is Status.OUT_OF_MEMORY and session.is_starved():
                self.close()
                raise SandboxFailed(f"{subject} found the GPU's memory held by others.") from error
            raise

    def take_output(self) -> str:
        """Return what the submission printed since the test began."""
        text, self._output = self._output, ""
        return text + (self._session.take_output() if self._session is not None else "")

    def take_trace(self) -> Trace | None:
        """Return what was asked and replied since the test began; None where that is too much to keep."""
        return self._recorder.take()

    def close(self) -> None:
        """End the worker, if there is one."""
        if self._session is not None:
            self._session.close()
            self._session = None
        self._used = False

    def _ensure(self) -> Session:
        if self._failed_load is not None:
            raise self._failed_load
        if self._session is None:
            self._session = session = self._open()
            reset, self._reset = self._reset, {}
            try:
                self.request(f"Importing {self._load['module']}.py", self._load, self._limits.import_seconds)
            except (Exit, Verdict) as error:
                # What the submission did, it does again; what befell it need not.
                if error.status is not Status.UNGRADED and not isinstance(error, Killed):
                    self._failed_load = error
                self.close()
                raise
            self._reset = reset
            return session
        return self._session


def _value(
    subject: str, reply: Mapping[str, Any], request: Mapping[str, Any], files: Mapping[str, bytes], *, blind: bool
) -> Any:
    """Return the value in a reply, or raise what the reply says; nothing of its form is taken for granted."""
    if "value" in reply:
        return reply["value"]
    if "raised" in reply:
        raised = reply["raised"] if isinstance(reply["raised"], dict) else {}
        name, message, trace = raised.get("type"), raised.get("message"), raised.get("trace")
        raise Raised(
            subject,
            name[:_NAME] if isinstance(name, str) else "an exception",
            message[:_MESSAGE] if isinstance(message, str) else "",
            list(_own_lines(trace[:_LINES], files)) if isinstance(trace, list) else [],
            blind=blind,
        )
    if "missing" in reply:
        claimed = reply["missing"][:_NAMES] if isinstance(reply["missing"], list) else []
        names = [name for name in claimed if isinstance(name, str) and len(name) <= _NAME]
        wanted = str(request.get("target"))
        raise Verdict(Status.RAISED, f"Your file has no function or class named {wanted!r}.{nearest(wanted, names)}")
    phrase = reply.get("too_large", reply.get("unsendable"))
    phrase = told(phrase, _PHRASE) if isinstance(phrase, str) else "something unknown"
    raise NotPlain(subject, phrase, too_large="too_large" in reply)


def _own_lines(trace: list[Any], files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield those lines of a claimed traceback that the submission has."""
    for line in trace:
        found = _LINE.fullmatch(line) if isinstance(line, str) else None
        if found is None:
            continue
        content = files.get(found["file"])
        if content is None or not 1 <= int(found["number"]) <= 1 + content.count(b"\n"):
            continue
        name = found["name"]
        known = _MADE_UP.fullmatch(name) or (name.isidentifier() and name.encode() in content)
        yield f"{found['file']}, line {int(found['number'])}" + (f", in {name}" if known else "")


class Function:
    """A function or class of the student's module, by name. Calling it calls theirs."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _call(self._connection, self._name, f"`{self._name}`", args, kwargs)

    def __wire__(self) -> str:
        return self._name

    def __repr__(self) -> str:
        return f"`{self._name}`"


class Handle:
    """A value that stays in the worker. Calls, methods and attributes work on it there."""

    def __init__(self, connection: Connection, handle: wire.Handle, subject: str) -> None:
        self._connection = connection
        self._handle = handle
        self._subject = subject

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _call(self._connection, self._handle, f"`{self._subject}`", args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        subject = f"{self._subject}.{name}"
        request = {"op": "get", "target": self._handle, "name": name}
        return _wrap(self._connection, self._connection.request(f"`{subject}`", request), subject)

    def __wire__(self) -> wire.Handle:
        return self._handle

    def __str__(self) -> str:
        return self._subject

    def __repr__(self) -> str:
        return f"an object of type {told(self._handle.type_name, _NAME)}"


class Student:
    """What hidden tests call `student`: any name is a function or class of the submission."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__"):
            raise AttributeError(name)
        return Function(self._connection, name)

    def gradients(
        self, target: Function | Handle, inputs: Sequence[Any], wrt: str | Sequence[int] = "inputs", v: Any = None
    ) -> Any:
        """Return gradients of `sum(target(*inputs) * v)`, computed by autograd in the worker.

        Without `v` it is the plain sum. `wrt` is `"inputs"` (a list, one gradient for each floating-point tensor in
        `inputs`), positions in `inputs` (a list), or `"parameters"` (a dict by name, of a module)."""
        where = wrt if isinstance(wrt, str) else list(wrt)
        request = {"op": "gradients", "target": pack(target), "inputs": pack(tuple(inputs)), "wrt": where, "v": pack(v)}
        return unpack(self._connection.request(f"Taking the gradient of {target!r}", request))

    def arguments_after(self, function: str | Handle, *args: Any, **kwargs: Any) -> Any:
        """Call a function, by its name or handle, and return its positional arguments as they are afterwards."""
        return _call(self._connection, pack(function), f"`{function}`", args, kwargs, after=True)

    def hold(self, value: Any, device: str | None = None) -> Handle:
        """Put a value into the worker, on a device, and return its handle."""
        request = {"op": "hold", "value": pack(value), "device": device}
        held = self._connection.request("Keeping a value", request)
        if not isinstance(held, wire.Handle):
            raise NotPlain("Keeping a value", "no handle", too_large=False)
        return Handle(self._connection, held, "value")

    def fetch(self, handle: Handle) -> Any:
        """Return the value behind a handle."""
        request = {"op": "fetch", "target": pack(handle)}
        return _wrap(self._connection, self._connection.request("Reading a value", request), "value")

    def write_file(self, path: str, data: bytes) -> None:
        """Write a file in the worker's current folder."""
        self._connection.request(f"Writing {path}", {"op": "write_file", "path": path, "data": data})

    def read_file(self, path: str) -> bytes:
        """Return the bytes of a file in the worker's current folder."""
        data = self._connection.request(f"Reading {path}", {"op": "read_file", "path": path})
        if not isinstance(data, bytes):
            raise NotPlain(f"Reading {path}", "no bytes", too_large=False)
        return data


def _call(
    connection: Connection,
    target: str | wire.Handle,
    subject: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    after: bool = False,
) -> Any:
    request = {"op": "call", "target": target, "args": pack(args), "kwargs": pack(kwargs), "after": after}
    return _wrap(connection, connection.request(subject, request), f"{subject.strip('`')}(…)")


def _wrap(connection: Connection, value: Any, subject: str) -> Any:
    """Turn a plain value into what tests work with, handles included."""
    return unpack(value, lambda handle: Handle(connection, handle, subject))
