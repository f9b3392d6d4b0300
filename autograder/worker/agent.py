"""Imports the student's files and answers calls, one at a time, until the pipe closes.

A request is a dict with an `id`, an `op` and what the op needs, and `reset` when a test begins. Its reply carries the
same `id` and exactly one of

    value        the plain value
    raised       {type, message, trace}: the student's code raised an exception
    missing      the names that the student's module has, when the one asked for is not among them
    unsendable   what came back is not plain data, as a phrase
    too_large    what came back is larger than may be sent, as a phrase
"""

import importlib
import os
import random
import re
import sys
from typing import Any, Callable, Dict, List, Optional

import numpy
import numpy.random  # not imported with numpy, and wanted at the first test

from . import values, wire

Reply = Dict[str, Any]

# Kept from before the student's code runs, which may replace them.
_seed_python, _seed_numpy = random.seed, numpy.random.seed

_RELATIVE_IMPORT = re.compile(rb"^[ \t]*from[ \t]+\.", re.MULTILINE)


class Missing(Exception):
    """The student's module has no such name."""


class Agent:
    """Answers the requests of one session."""

    def __init__(self, framework: Any, reply_cap: int, module: Any = None) -> None:
        """`module` stands in for the student's when none will be loaded."""
        self._framework = framework
        self._cap = reply_cap
        self._vault = values.Vault(framework, reply_cap)
        self._module = module
        self._state: Any = None
        self._folder = ""
        self._ops: Dict[str, Callable[..., Any]] = {
            "load": self._load,
            "call": self._call,
            "get": self._get,
            "gradients": self._gradients,
            "hold": self._hold,
            "fetch": self._fetch,
            "write_file": self._write_file,
            "read_file": self._read_file,
        }

    def answer(self, request: Dict[str, Any]) -> bytes:
        """Carry out one request and return the frame of its reply.

        With a seed as `reset`, a new test begins with this request: nothing of the one before is kept.
        """
        identity = request.pop("id")
        try:
            if "reset" in request:
                self._begin_test(request.pop("reset"))
            value = self._ops[request.pop("op")](**request)
            return self._frame(identity, {"value": self._vault.flatten(value)})
        except wire.TooLarge as error:
            return self._frame(identity, {"too_large": str(error)})
        except wire.WireError as error:
            return self._frame(identity, {"unsendable": str(error)})
        except Missing:
            return self._frame(identity, {"missing": self._names()})
        except BaseException as error:
            return self._frame(identity, {"raised": values.describe(error, self._folder)})

    def _frame(self, identity: str, reply: Reply) -> bytes:
        return wire.encode(dict(reply, id=identity), self._cap)

    def _load(self, module: str, files: Dict[str, bytes], device: str) -> None:
        for path, content in files.items():
            if os.path.dirname(path):
                os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content)
        if device == "simulated":
            self._framework.use_simulated_gpu()
        sys.path.insert(0, os.getcwd())
        self._folder = os.path.join(os.getcwd(), "")
        if any(_RELATIVE_IMPORT.search(content) for path, content in files.items() if not os.path.dirname(path)):
            # The files lie in a package for each other, which is the current folder.
            parent, package = os.path.split(os.getcwd())
            sys.path.append(parent)
            sys.modules[module] = importlib.import_module("{}.{}".format(package, module))
        self._module = importlib.import_module(module)
        if self._framework is not None:
            self._state = self._framework.GlobalState()

    def _begin_test(self, seed: int) -> None:
        try:
            self._reset(seed)
        except BaseException:
            # What an earlier test left behind is no fault of this one's: it gets another worker.
            os._exit(1)

    def _reset(self, seed: int) -> None:
        sys.settrace(None)
        sys.setprofile(None)
        self._vault.clear()
        _seed_python(seed)
        _seed_numpy(seed % 2**32)
        if self._state is not None:
            self._state.restore(seed)

    def _names(self) -> List[str]:
        """Return what the student's module has; it may be an object that answers for itself."""
        try:
            names = [str.__str__(name) for name in vars(self._module) if isinstance(name, str)]
        except BaseException:
            return []
        return sorted(name for name in names if not name.startswith("_"))[:200]

    def _find(self, target: Any) -> Any:
        if type(target) is wire.Handle:
            return self._vault.resolve(target)
        try:
            return getattr(self._module, target)
        except AttributeError:
            raise Missing

    def _call(self, target: Any, args: Any, kwargs: Dict[str, Any], after: bool) -> Any:
        function = self._find(target)
        args = self._vault.rebuild(args)
        result = function(*args, **self._vault.rebuild(kwargs))
        return args if after else result

    def _get(self, target: Any, name: str) -> Any:
        value = getattr(self._find(target), name)
        # A method is kept as it is; the judge calls it by its handle.
        return self._vault.keep(value) if callable(value) else value

    def _gradients(self, target: Any, inputs: Any, wrt: Any, v: Any) -> Any:
        function = self._find(target)
        return self._framework.gradients(function, list(self._vault.rebuild(inputs)), wrt, self._vault.rebuild(v))

    def _hold(self, value: Any, device: Optional[str]) -> wire.Handle:
        value = self._vault.rebuild(value)
        return self._vault.keep(value if device is None else self._framework.place(value, device))

    def _fetch(self, target: wire.Handle) -> Any:
        return self._vault.resolve(target)

    def _write_file(self, path: str, data: bytes) -> None:
        with open(path, "wb") as file:
            file.write(data)

    def _read_file(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read(self._cap)


def serve(
    framework: Any, requests: int, replies: int, request_cap: int, reply_cap: int, gpu_share: Optional[float] = None
) -> None:
    """Greet, then answer what arrives on the descriptor `requests` on `replies`, until the judge closes its end.

    With `gpu_share`, the part of a GPU's memory that may be allocated, it initialises CUDA before it greets.
    """
    agent = Agent(framework, reply_cap)
    # A forgotten breakpoint() would wait for a keyboard that is not there.
    setattr(sys, "breakpointhook", lambda *args, **kwargs: None)  # noqa: B010 (Python 3.6 has none)
    if framework is not None:
        framework.warm_up()
    if gpu_share is not None:
        try:
            framework.use_gpu(gpu_share)
        except Exception as error:
            os.write(2, "cannot use the GPU: {}\n".format(error).encode())
            raise
    _write(replies, wire.encode({"greeting": 1}, reply_cap))
    while True:
        body = _read_frame(requests, request_cap)
        if body is None:
            return
        frame = agent.answer(wire.decode(body))
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                continue  # The student replaced or closed it; what is lost is their own output.
        _write(replies, frame)


def _read_frame(descriptor: int, cap: int) -> Optional[bytes]:
    """Return the body of the next frame, or None when the judge has closed its end.

    The judge sends one request at a time, so whatever can be read belongs to this one.
    """
    data, wanted = bytearray(), wire.PREFIX_SIZE
    while len(data) < wanted:
        chunk = os.read(descriptor, 2**20)
        if not chunk:
            return None
        data += chunk
        if len(data) >= wire.PREFIX_SIZE:
            wanted = wire.PREFIX_SIZE + wire.frame_length(bytes(data[: wire.PREFIX_SIZE]), cap)
    return bytes(data[wire.PREFIX_SIZE :])


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
