"""What every sandbox offers, and every way in which a worker's service can end.

    Exit                    carries the status of the test that it ends, and a sentence for the student
    ├── TimedOut            a deadline on the judge's clock passed
    ├── OutOfMemory         the worker was killed, or refused memory, at its limit
    ├── TooMuchOutput       a reply or the printed output was longer than allowed
    ├── Crashed             the worker's process ended
    │   └── Killed          and nothing that we did, and no limit, ended it: perhaps somebody on this machine
    ├── Refused             the reply broke the protocol
    └── SandboxFailed       the sandbox itself did not work: the grader's fault, status `ungraded`

After any of them the session is over: its worker is dead, and the next test gets a new one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from autograder.assignment import Limits, parse_size
from autograder.result import Status

__all__ = [
    "Bounds",
    "Crashed",
    "Exit",
    "Killed",
    "OutOfMemory",
    "Refused",
    "Sandbox",
    "SandboxFailed",
    "SandboxRecipe",
    "Session",
    "TimedOut",
    "TooMuchOutput",
]

Request = Mapping[str, Any]
Reply = Mapping[str, Any]


class Exit(Exception):
    """The end of a worker's service; the message is a sentence for the student."""

    status: ClassVar[Status]


class TimedOut(Exit):
    status = Status.TIMED_OUT


class OutOfMemory(Exit):
    status = Status.OUT_OF_MEMORY


class TooMuchOutput(Exit):
    status = Status.TOO_MUCH_OUTPUT


class Crashed(Exit):
    status = Status.CRASHED


class Killed(Crashed):
    """A SIGKILL that is not ours. A submission can send itself one; so can this machine, to an honest one."""


class Refused(Exit):
    status = Status.REFUSED


class SandboxFailed(Exit):
    status = Status.UNGRADED


@dataclass(frozen=True)
class Bounds:
    """The limits of one worker, in bytes and counts."""

    memory: int
    scratch: int
    reply: int
    output: int
    processes: int

    @classmethod
    def of(cls, limits: Limits) -> "Bounds":
        """Return the bounds that an assignment's limits set."""
        return cls(
            memory=parse_size(limits.memory),
            scratch=parse_size(limits.scratch),
            reply=parse_size(limits.reply),
            output=parse_size(limits.output),
            processes=limits.processes,
        )


class Session(Protocol):
    """The judge's side of one worker."""

    def call(self, request: Request, seconds: float) -> Reply:
        """Send a request and return its reply, which is a dict of plain values; see `autograder.worker.agent`.

        Raises:
            Exit: the worker did not answer as it must; the session is over.
        """

    def is_silent(self) -> bool:
        """Has the worker said nothing since its last reply, and is it there? False ends nothing by itself."""

    def is_starved(self) -> bool:
        """Do others hold so much of its GPU that the worker cannot have what it may?"""

    def take_output(self) -> str:
        """Return what the worker printed since the last call of this method, shortened in the middle."""

    def close(self) -> None:
        """End the worker and everything it started. Safe to call twice."""


class SandboxRecipe(Protocol):
    """How to start a sandbox."""

    @property
    def tier(self) -> str:
        """The sandbox's tier."""

    @property
    def versions(self) -> Mapping[str, str]:
        """What its workers compute with, where that is not what the grader has."""

    def start(self) -> "Sandbox":
        """Launch the sandbox without waiting for it."""


class Sandbox(Protocol):
    """A slot's place for untrusted code: opens one session after another."""

    tier: str
    """`full`, `container` or `practice`."""

    def open(self, bounds: Bounds, modules: Sequence[str] = ()) -> Session:
        """Start a worker, with `modules` imported beforehand if the sandbox can do that once for all.

        Raises:
            SandboxFailed: no worker could be started.
        """

    def close(self) -> None:
        """End every worker and the process they were forked from. Safe to call twice."""
