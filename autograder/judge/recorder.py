"""Looks on while a suite judges its own reference, and finds the tests that send the answer to the worker.

A submission reads its arguments. A value that a test expects and has sent before is one that could be given back
without any work.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import torch

from autograder.judge.outcome import TestSpec
from autograder.judge.values import unpack
from autograder.sandbox.base import Session
from autograder.worker import wire

__all__ = ["Recorder", "holds_answer"]

_FEW = 3
"""Up to so many numbers may stand in an argument by chance."""
_SENT = {"args": "argument", "kwargs": "keyword", "inputs": "input", "v": "v", "value": "value"}
"""What a request sends numbers in, and what an author calls it."""
_RUN = 12
"""So many small integers in a row do not."""


class Recorder:
    """A session that notes what it is sent, and is told what is expected: a `Watcher`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._test = ""
        self._sent: list[tuple[str, torch.Tensor]] = []
        self._given_back: list[torch.Tensor] = []
        self.answers_sent: list[tuple[str, str]] = []
        """Tests, each with what holds an answer of it."""

    def begin_test(self, test: TestSpec) -> None:
        """Forget what the test before sent."""
        self._test, self._sent, self._given_back = test.id, [], []

    def compared(self, actual: torch.Tensor, expected: torch.Tensor) -> None:
        """Look for `expected` in what was sent, unless `actual` is an argument that the test asked to see again."""
        if any(torch.equal(actual, back) for back in self._given_back if back.dtype == actual.dtype):
            return
        for where, sent in self._sent:
            how = holds_answer(sent, expected)
            if how:
                self.answers_sent.append((self._test, f"{where} {how}"))
                return

    def call(self, request: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        """Pass a request on, and note the numbers in it."""
        target = request.get("target")
        subject = "what `hold` keeps" if request["op"] == "hold" else f"the call of {target}"
        if isinstance(target, wire.Handle):
            subject = f"the call of a {target.type_name}"
        for key, name in _SENT.items():
            self._sent += [(f"{place} in {subject}", tensor) for place, tensor in _named(request.get(key), name)]
        reply = self._session.call(request, seconds)
        if request["op"] == "fetch" or request.get("after"):
            self._given_back += [tensor for _, tensor in _named(reply.get("value"), "")]
        return reply

    def is_silent(self) -> bool:
        return self._session.is_silent()

    def is_starved(self) -> bool:
        return self._session.is_starved()

    def take_output(self) -> str:
        return self._session.take_output()

    def close(self) -> None:
        self._session.close()


def _named(value: Any, name: str) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield the numbers in a plain value, each with a name such as `argument[0]`."""
    if isinstance(value, wire.Array):
        yield name, torch.as_tensor(unpack(value))
    elif isinstance(value, bool | int | float):
        yield name, torch.tensor(value)
    elif isinstance(value, list | tuple) and not isinstance(value, wire.Handle):
        if value and all(isinstance(item, bool | int | float) for item in value):
            yield name, torch.tensor(value)
        else:
            for place, item in enumerate(value):
                yield from _named(item, f"{name}[{place}]")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _named(item, f"{name}[{key!r}]")


def holds_answer(sent: torch.Tensor, expected: torch.Tensor) -> str:
    """Return how `sent` gives `expected` away, as the end of a sentence, or nothing.

    A constant, a round number and a few small integers stand in an argument by chance.
    """
    values, wanted = _flat(sent), _flat(expected)
    if not wanted.numel() or values.numel() < wanted.numel():
        return ""
    if wanted.numel() == 1:
        round_number = bool((wanted * 1024).frac() == 0)
        return "is the answer" if values.numel() == 1 and torch.equal(values, wanted) and not round_number else ""
    kinds = len(set(wanted.tolist()))
    if kinds == 1:
        return ""
    if values.numel() == wanted.numel():
        if torch.equal(values, wanted):
            return "is the answer"
        if kinds > _FEW and torch.equal(values.sort().values, wanted.sort().values):
            return "holds the answer in another order"
        return ""
    small = bool((wanted.frac() == 0).all())
    if wanted.numel() > _FEW and (not small or wanted.numel() >= _RUN) and _is_run(values, wanted):
        return "holds the answer"
    if kinds > _FEW and not small and bool(torch.isin(wanted, values).all()):
        return "holds the answer, in parts or in another order"
    return ""


def _flat(tensor: torch.Tensor) -> torch.Tensor:
    """Return the numbers in float64, whatever dtype they came in; none where they are complex."""
    plain = tensor.detach()
    return plain.new_empty(0, dtype=torch.float64) if plain.is_complex() else plain.reshape(-1).to(torch.float64)


def _is_run(values: torch.Tensor, wanted: torch.Tensor) -> bool:
    return bool((values.unfold(0, wanted.numel(), 1) == wanted).all(dim=1).any())
