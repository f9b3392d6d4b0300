"""Trivial answers: the reference with each number that it answers replaced, by zeros, by NaN, by its own input.

Shapes, types and names are as right as they can be, so a hidden test that such an answer passes looks at less than it
claims. They are made in the judge and for audits only: nothing untrusted runs.
"""

import math
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import numpy
import torch

from autograder.judge.marks import TRIVIAL
from autograder.judge.values import pack, unpack
from autograder.sandbox.fake import FakeSession
from autograder.worker import wire

__all__ = ["TrivialSession"]

_NUMBERS = (bool, int, float)
_NOTHING = wire.Array("float32", (3,), bytes(12))
"""What is taken for the input of a function that is given no array."""


class TrivialSession(FakeSession):
    """Answers as the reference does, with the numbers replaced."""

    def __init__(self, module: ModuleType, kind: str) -> None:
        """`kind` is one of `TRIVIAL`; any other name leaves the answers as they are."""
        super().__init__(module)
        self._kind = kind

    def call(self, request: Mapping[str, Any], seconds: float) -> Mapping[str, Any]:
        first = next(_arrays([request.get("args"), request.get("inputs")]), _NOTHING)
        reply = super().call(request, seconds)
        # What the test itself put into the worker, and looks at again, is no answer of the submission's.
        answered = request["op"] in ("call", "get", "gradients") and not request.get("after")
        if self._kind not in TRIVIAL or "value" not in reply or not answered:
            return reply
        return {"value": _replaced(reply["value"], self._kind, first)}


def _arrays(value: Any) -> Any:
    """Yield the arrays in a plain value."""
    if isinstance(value, wire.Array):
        yield value
    elif isinstance(value, list | tuple) and not isinstance(value, wire.Handle):
        for item in value:
            yield from _arrays(item)
    elif isinstance(value, dict):
        yield from _arrays(list(value.values()))


def _replaced(value: Any, kind: str, first: wire.Array) -> Any:
    """Return a plain value with the numbers in it replaced; handles, strings and names stay."""
    replace = _BY_KIND[kind]
    if isinstance(value, wire.Array):
        tensor = unpack(value._replace(kind="tensor"))
        return pack(replace(tensor, unpack(first)))._replace(kind=value.kind, device=value.device)
    if isinstance(value, _NUMBERS):
        return _number(value, kind) if kind in _LIKE_NUMBERS else pack(replace(torch.tensor(value), unpack(first)))
    if isinstance(value, dict):
        return {key: _replaced(item, kind, first) for key, item in value.items()}
    if isinstance(value, list | tuple) and not isinstance(value, wire.Handle):
        if value and kind not in _LIKE_NUMBERS and all(isinstance(item, _NUMBERS) for item in value):
            replacement = replace(torch.tensor(value), unpack(first))
            return pack(replacement if kind == "scalar" else replacement.tolist())
        items = [_replaced(item, kind, first) for item in value]
        return items if isinstance(value, list) else tuple(items)
    return value


def _number(value: Any, kind: str) -> Any:
    wanted = _LIKE_NUMBERS[kind]
    return type(value)(wanted if math.isfinite(wanted) or isinstance(value, float) else 0)


def _filled(number: float) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    def fill(value: torch.Tensor, first: torch.Tensor) -> torch.Tensor:
        possible = math.isfinite(number) or value.is_floating_point() or value.is_complex()
        return torch.full_like(value, number if possible else 0)

    return fill


def _empty(value: torch.Tensor, first: torch.Tensor) -> torch.Tensor:
    return value.new_empty((0, *value.shape[1:]))


def _scalar(value: torch.Tensor, first: torch.Tensor) -> torch.Tensor:
    """Return the mean, which would pass for each element if it were broadcast; a scalar is moved off its place."""
    mean = value.to(torch.complex128 if value.is_complex() else torch.float64).mean() if value.numel() else value.sum()
    return (mean if value.dim() else mean + 1).to(value.dtype)


def _first_row(value: torch.Tensor, first: torch.Tensor) -> torch.Tensor:
    return value[:1] if value.dim() else value.to(torch.float64) + 1


def _input(value: torch.Tensor, first: torch.Tensor) -> torch.Tensor:
    return torch.as_tensor(numpy.asarray(first)) if isinstance(first, numpy.ndarray) else first


_LIKE_NUMBERS = {"zeros": 0.0, "ones": 1.0, "nan": math.nan, "infinity": math.inf}
_BY_KIND: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    **{kind: _filled(number) for kind, number in _LIKE_NUMBERS.items()},
    "input": _input,
    "empty": _empty,
    "scalar": _scalar,
    "first_row": _first_row,
}
