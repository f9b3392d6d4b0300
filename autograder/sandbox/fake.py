"""A session that answers from a trusted module in this process, for control runs and for tests of what lies above the
seam.

Requests and replies take the same way over the wire's bytes as a worker's; nothing is confined, since nothing is
untrusted.
"""

from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

from autograder.sandbox.base import Bounds
from autograder.worker import torch_values, wire
from autograder.worker.agent import Agent

__all__ = ["FakeSandbox", "FakeSession"]

_CAP = 2**30
"""A frame that is longer, and a file that is read in one piece, would not fit the memory of this process."""


class FakeSession:
    """Answers calls with the functions of a module."""

    def __init__(self, module: ModuleType) -> None:
        self._agent = Agent(torch_values, _CAP, module)

    def call(self, request: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        if request["op"] == "load":
            return {"value": None}
        frame = wire.encode({**request, "id": ""}, _CAP)
        reply = wire.decode(self._agent.answer(wire.decode(frame[wire.PREFIX_SIZE :]))[wire.PREFIX_SIZE :])
        assert isinstance(reply, dict)
        del reply["id"]
        return reply

    def is_silent(self) -> bool:
        return True

    def is_starved(self) -> bool:
        return False

    def take_output(self) -> str:
        return ""

    def close(self) -> None:
        pass


class FakeSandbox:
    """Opens sessions on one trusted module."""

    tier = "fake"

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def open(self, bounds: Bounds, modules: Sequence[str] = ()) -> FakeSession:
        return FakeSession(self._module)

    def close(self) -> None:
        pass
