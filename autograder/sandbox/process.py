"""The zygote's process, and the socket over which it takes orders."""

import array
import contextlib
import json
import os
import select
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING, Any

from autograder.sandbox import cgroup
from autograder.sandbox.base import SandboxFailed

if TYPE_CHECKING:
    from autograder.sandbox.zygote import Recipe

__all__ = ["ZygoteProcess"]

_START_SECONDS = 120.0
_ORDER_SECONDS = 10.0
# Dynamic users of systemd: no account has these numbers.
_FIRST_UID, _UIDS = 61184, 4336


class ZygoteProcess:
    """The zygote's process and the socket over which it takes orders."""

    def __init__(self, recipe: "Recipe", group: cgroup.Group | None) -> None:
        self._ready = False
        self._unheard = 0
        self._claim: socket.socket | None = None
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the zygote)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [*_joining(group), *recipe.command, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._errors,
                stderr=self._errors,
                pass_fds=[theirs.fileno()],
                env=dict(recipe.environment),
                start_new_session=True,
            )
        with contextlib.suppress(SandboxFailed):  # If it is already dead, waiting for it says so, with its reason.
            self._claim, uid = _own_user() if recipe.own_user else (None, None)
            self.tell({**recipe.orders, "uid": uid})

    @property
    def process(self) -> int:
        """The number of the process that was launched, as this machine counts."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        if not self._ready:
            self._receive(_START_SECONDS)
            self._ready = True

    def tell(self, order: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
        """Give an order that has no answer."""
        if self._errors.closed:
            raise SandboxFailed("the sandbox is closed")
        # Answers that nobody waited for must not fill the socket.
        while self._unheard and select.select([self._control], [], [], 0)[0]:
            self._hear_one()
        handed = array.array("i", descriptors).tobytes()
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, handed)] if descriptors else []
        try:
            self._control.sendmsg([json.dumps(order).encode()], rights)
        except OSError as error:
            raise SandboxFailed(f"the zygote is gone: {self._printed()}") from error

    def tell_without_listening(self, order: Mapping[str, Any]) -> None:
        """Give an order whose answer is not waited for."""
        self.tell(order)
        self._unheard += 1

    def ask(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Give an order and return its answer."""
        self.tell(order)
        self.hear()
        return self._receive(_ORDER_SECONDS)

    def hear(self) -> None:
        """Wait for the answers that were not waited for: what was ended is then gone, with all that it held."""
        while self._unheard:
            self._hear_one()

    def close(self) -> None:
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()
        if self._claim is not None:
            self._claim.close()

    def _hear_one(self) -> None:
        self._receive(_ORDER_SECONDS)
        self._unheard -= 1

    def _receive(self, seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while not select.select([self._control], [], [], max(0.0, min(0.2, deadline - time.monotonic())))[0]:
            if self._process.poll() is not None:
                break
            if time.monotonic() > deadline:
                self._process.kill()
                raise SandboxFailed(f"the zygote did not answer within {seconds:g} s: {self._printed()}")
        try:
            packet = self._control.recv(2**16)
        except OSError:
            packet = b""
        if not packet:
            raise SandboxFailed(f"the zygote ended: {self._printed()}")
        answer: dict[str, Any] = json.loads(packet)
        return answer

    def _printed(self) -> str:
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it printed nothing"


def _own_user() -> tuple[socket.socket, int]:
    """Return a user that no other zygote of this machine has, and the claim to it, which ends with this process.

    So no limit that the kernel counts by user, and no process, is shared between slots or graders.
    """
    for step in range(_UIDS):
        uid = _FIRST_UID + (os.getpid() + step) % _UIDS
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            claim.bind(f"\0autograder-user-{uid}")
        except OSError:
            claim.close()
            continue
        return claim, uid
    raise SandboxFailed(f"all {_UIDS} users for zygotes are taken")


def _joining(group: cgroup.Group | None) -> list[str]:
    """Return the beginning of a command line that joins the group before it becomes the rest."""
    if group is None:
        return []
    steps = " && ".join(f'echo 0 > "{folder}/cgroup.procs"' for folder in group.folders)
    return ["/bin/sh", "-c", f'{steps} && exec "$@"', "sh"]
