"""Workers behind the real walls, started on a few lines of source."""

import dataclasses
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from autograder.judge.values import pack, unpack
from autograder.sandbox.base import Bounds
from autograder.sandbox.zygote import Recipe, ZygoteSandbox

MIB = 2**20
BOUNDS = Bounds(memory=256 * MIB, scratch=16 * MIB, reply=4 * MIB, output=4 * MIB, processes=16)


class Worker:
    """A session whose worker has imported some source."""

    def __init__(self, sandbox: ZygoteSandbox, source: str, bounds: Bounds) -> None:
        self.session = sandbox.open(bounds)
        files = {"module.py": textwrap.dedent(source).encode()}
        load = {"op": "load", "module": "module", "files": files, "device": "cpu"}
        assert self.session.call(load, 60.0) == {"value": None}

    def reply(self, function: str, *args: Any, seconds: float = 60.0) -> Mapping[str, Any]:
        """Call a function and return the worker's reply."""
        request = {"op": "call", "target": function, "args": pack(args), "kwargs": {}, "after": False}
        return self.session.call(request, seconds)

    def call(self, function: str, *args: Any, seconds: float = 60.0) -> Any:
        """Call a function and return its value."""
        reply = self.reply(function, *args, seconds=seconds)
        assert "value" in reply, reply
        return unpack(reply["value"])


@pytest.fixture(scope="module")
def sandbox(recipe: Recipe) -> Iterator[ZygoteSandbox]:
    """A zygote with its framework, as a slot has it."""
    sandbox = ZygoteSandbox(recipe)
    yield sandbox
    sandbox.close()


@pytest.fixture
def another_sandbox(recipe: Recipe) -> Iterator[Callable[[], ZygoteSandbox]]:
    """Start a sandbox of a test's own, as a second slot has it; without a framework, to be quick."""
    sandboxes = []
    light = dataclasses.replace(recipe, orders={**recipe.orders, "preload": [], "framework": None})

    def start() -> ZygoteSandbox:
        sandboxes.append(ZygoteSandbox(light))
        sandboxes[-1].wait_until_ready()
        return sandboxes[-1]

    yield start
    for sandbox in sandboxes:
        sandbox.close()


@pytest.fixture
def worker(sandbox: ZygoteSandbox) -> Iterator[Callable[..., Worker]]:
    """Start a worker on some source: `worker("def f(): ...").call("f")`."""
    workers = []

    def start(source: str, bounds: Bounds = BOUNDS, sandbox: ZygoteSandbox = sandbox) -> Worker:
        workers.append(Worker(sandbox, source, bounds))
        return workers[-1]

    yield start
    for worker in workers:
        worker.session.close()
