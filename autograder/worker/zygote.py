"""The warm process: imports the framework once, then forks one confined worker per session.

It imports and never computes, because a process that has computed cannot be forked safely. It takes orders over a Unix
socket that no worker inherits, and runs no student code. Orders and answers are JSON, one in a packet:

    {"op": "fork", "worker": name, "limits": {...}, "modules": [...], ...}
        with three descriptors: requests, replies, output
    {"op": "end", "worker": name, "gone": bool}  ->  {"status": code, "memory": bool, "killed": bool}

`end` kills the worker with all its descendants and returns when none is left. A worker that has closed its pipe is
`gone`: it is given a moment to end by itself, so that its exit status is its own.
"""

import array
import ctypes
import functools
import gc
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import confine

_PACKET = 2**17
_WATCH_SECONDS = 0.02
_LEAVE_SECONDS = 1.0
_HUGE_PAGE = 2**21
_MADV_COLLAPSE = 25


class _Worker:
    """What the zygote knows of one worker."""

    def __init__(self, number: int, limits: Dict[str, Any], baseline: int) -> None:
        self.number = number
        self.limits = limits
        self.baseline = baseline
        self.over_memory = False


class Zygote:
    """Forks, watches and ends workers."""

    def __init__(
        self, control: socket.socket, serve: Callable[[int, int, int, int, Optional[float]], None], seccomp: bytes
    ) -> None:
        self._control = control
        self._serve = serve
        self._seccomp = seccomp
        self._workers: Dict[int, _Worker] = {}

    def run(self) -> None:
        """Carry out orders until the judge closes the socket."""
        while True:
            ready = select.select([self._control], [], [], _WATCH_SECONDS if self._workers else None)[0]
            if not ready:
                self._watch()
                continue
            order, descriptors = _receive(self._control)
            if order is None:
                break
            if order["op"] == "fork":
                self._fork(order, descriptors)
            else:
                self._control.send(json.dumps(self._end(order)).encode())
        for name in list(self._workers):
            self._end({"worker": name, "gone": False})

    def _fork(self, order: Dict[str, Any], descriptors: List[int]) -> None:
        new = [module for module in order["modules"] if module not in sys.modules]
        for module in new:
            importlib.import_module(module)
        if new:
            _settle_memory()
        limits = dict(order["limits"], seccomp=self._seccomp)
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                self._be_worker(order, limits, descriptors, tell)
            finally:
                os._exit(confine.SETUP_FAILED)
        os.close(tell)
        for descriptor in descriptors:
            os.close(descriptor)
        announced = os.read(told, 4)
        os.close(told)
        number = struct.unpack("=i", announced)[0] if len(announced) == 4 else 0
        if number != child:
            os.waitpid(child, 0)
        if number:
            self._workers[order["worker"]] = _Worker(number, limits, _memory("self")[1])

    def _be_worker(self, order: Dict[str, Any], limits: Dict[str, Any], descriptors: List[int], tell: int) -> None:
        requests, replies, output = descriptors
        os.dup2(output, 1)
        os.dup2(output, 2)

        def serve() -> None:
            self._serve(requests, replies, order["request_cap"], order["reply_cap"], order.get("gpu_share"))

        def announce(number: int) -> None:
            os.write(tell, struct.pack("=i", number))

        confine.enter(limits, serve, [requests, replies], announce)

    def _end(self, order: Dict[str, Any]) -> Dict[str, Any]:
        worker = self._workers.pop(order["worker"], None)
        if worker is None:  # It could not be forked.
            return {"status": confine.SETUP_FAILED, "memory": False, "killed": False}
        left = _leave(worker.number) if order["gone"] else None
        if left is None:
            self._kill(worker)
        status = os.waitpid(worker.number, 0)[1] if left is None else left
        code = 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        return {"status": code, "memory": worker.over_memory, "killed": left is None}

    def _kill(self, worker: _Worker) -> None:
        try:
            if worker.limits["namespaces"]:
                os.kill(worker.number, signal.SIGKILL)
            else:
                os.killpg(worker.number, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def _watch(self) -> None:
        """Kill a worker whose processes hold more memory than it may.

        Without a /proc of its own the zygote sees other numbers there than its workers have, so it does not look.
        """
        watched = [
            worker for worker in self._workers.values() if worker.limits["proc"] or not worker.limits["namespaces"]
        ]
        if not watched:
            return
        children: Dict[int, List[int]] = {}
        held: Dict[int, int] = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                parent, memory = _memory(name)
                children.setdefault(parent, []).append(int(name))
                held[int(name)] = memory
        for worker in watched:
            family = _family(worker.number, children)
            # Quick to know, and never too little: what is shared counts for each.
            if worker.over_memory or sum(held.get(process, 0) for process in family[1:]) <= worker.limits["memory"]:
                continue
            everything = sum(self._share(process, held) for process in _family(os.getpid(), children))
            if everything - worker.baseline > worker.limits["memory"]:
                worker.over_memory = True
                self._kill(worker)

    def _share(self, process: int, held: Dict[int, int]) -> int:
        """Return a process's part of the memory of all, so that the parts add up to what is held."""
        share = _proportion(process)
        if share is not None:
            return share
        # The kernel does not tell: of an init, which shares all it has as the zygote does, or of who hides it.
        is_init = any(worker.number == process for worker in self._workers.values())
        return (_proportion(os.getpid()) or 0) if is_init else held.get(process, 0)


def _family(process: int, children: Dict[int, List[int]]) -> List[int]:
    """Return a process and all of its descendants."""
    found = [process]
    for one in found:
        found += children.get(one, [])
    return found


def _leave(number: int) -> Optional[int]:
    """Return the wait status of a process that ends by itself within a moment, so that its own reason is known."""
    deadline = time.monotonic() + _LEAVE_SECONDS
    while time.monotonic() < deadline:
        pid, status = os.waitpid(number, os.WNOHANG)
        if pid:
            return status
        time.sleep(0.002)
    return None


def _memory(process: str) -> Tuple[int, int]:
    """Return a process's parent and the bytes of anonymous and shared memory that it holds; zeros when it is gone."""
    found = {b"PPid": 0, b"RssAnon": 0, b"RssShmem": 0}
    try:
        with open("/proc/{}/status".format(process), "rb") as file:
            for line in file:
                key, _, value = line.partition(b":")
                if key in found:
                    found[key] = int(value.split()[0])
    except OSError:
        pass
    return found[b"PPid"], 1024 * (found[b"RssAnon"] + found[b"RssShmem"])


def _proportion(process: int) -> Optional[int]:
    """Return a process's part of the anonymous and shared memory that it holds, what it shares counted by halves,
    thirds, …; or nothing, where the kernel does not tell.

    It is slow to ask for, and exact: children that share data with their parent are not charged for it again.
    """
    found = {b"Pss_Anon": 0, b"Pss_Shmem": 0}
    try:
        with open("/proc/{}/smaps_rollup".format(process), "rb") as file:
            for line in file:
                key, _, value = line.partition(b":")
                if key in found:
                    found[key] = int(value.split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0  # It has ended meanwhile.
    except OSError:
        return None
    return 1024 * sum(found.values())


def _receive(control: socket.socket) -> Tuple[Optional[Dict[str, Any]], List[int]]:
    descriptors = array.array("i")
    data, ancillary, _, _ = control.recvmsg(_PACKET, socket.CMSG_SPACE(3 * descriptors.itemsize))
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(content[: len(content) - len(content) % descriptors.itemsize])
    return (json.loads(data.decode()) if data else None), list(descriptors)


def _settle_memory() -> None:
    """Make forks cheap.

    What is imported is taken out of the garbage collector's sight, so that it does not touch, and copy, its pages; and
    it is gathered in huge pages, so that a fork copies few entries of page tables.
    """
    gc.collect()
    getattr(gc, "freeze", bool)()  # not in Python 3.6
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for start, end in _anonymous_memory():
        first, last = -(-start // _HUGE_PAGE) * _HUGE_PAGE, end // _HUGE_PAGE * _HUGE_PAGE
        if last > first:
            libc.madvise(first, last - first, _MADV_COLLAPSE)  # Where the kernel cannot, forks take longer.


def _anonymous_memory() -> List[Tuple[int, int]]:
    """Return the ranges of private memory that no file is behind."""
    ranges = []
    try:
        with open("/proc/self/maps") as file:
            for line in file:
                fields = line.split()
                if fields[1] == "rw-p" and (len(fields) == 5 or fields[5] == "[heap]"):
                    start, _, end = fields[0].partition("-")
                    ranges.append((int(start, 16), int(end, 16)))
    except OSError:
        pass  # The /proc of this tier does not show us.
    return ranges


def _settle_signals() -> None:
    """Have signals mean what they do in any program, however the grader was started: in the background, or by nohup."""
    for number in signal.Signals:
        # Two that Python itself ignores stay so.
        if signal.getsignal(number) is signal.SIG_IGN and number not in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
    # The judge decides when it ends; a Ctrl-C in the terminal is not for it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def main(descriptor: int) -> None:
    """Start from the first packet: which user to become, what to import, and the filter on system calls."""
    control = socket.socket(fileno=descriptor)
    orders, _ = _receive(control)
    if orders is None:
        return
    _settle_signals()
    if orders["mount_proc"]:
        confine.mount_proc()
    if orders["uid"] is not None:
        confine.become(orders["uid"])
    confine.adopt_orphans()
    os.environ.update(orders.get("environment", {}))
    # Only now, as the user it will stay, does it import what is not the standard library.
    sys.path[:0] = orders["paths"]
    for name in orders["preload"]:
        importlib.import_module(name)
    agent = importlib.import_module(".agent", __package__)
    framework = importlib.import_module("." + orders["framework"], __package__) if orders["framework"] else None
    _settle_memory()
    control.send(b'{"ready": true}')
    Zygote(control, functools.partial(agent.serve, framework), bytes.fromhex(orders["seccomp"])).run()
