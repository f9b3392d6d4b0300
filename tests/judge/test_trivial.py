"""Trivial answers keep everything of the reference's but its numbers."""

import math
from types import ModuleType
from typing import Any

import numpy
import pytest
import torch

from autograder.judge.marks import TRIVIAL
from autograder.judge.trivial import TrivialSession
from autograder.judge.values import pack, unpack
from autograder.worker import wire

X = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])


def module(answer: Any) -> ModuleType:
    module = ModuleType("reference")
    module.f = lambda *args: answer  # type: ignore[attr-defined]
    return module


def answered(kind: str, answer: Any, *args: Any, **request: Any) -> Any:
    wanted = {"op": "call", "target": "f", "args": pack(args), "kwargs": {}, "after": False, **request}
    return unpack(TrivialSession(module(answer), kind).call(wanted, 1.0)["value"])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("zeros", torch.zeros(3, 2)),
        ("ones", torch.ones(3, 2)),
        ("nan", torch.full((3, 2), math.nan)),
        ("infinity", torch.full((3, 2), math.inf)),
        ("empty", torch.empty(0, 2)),
        ("scalar", torch.tensor(3.5)),
        ("first_row", torch.tensor([[1.0, 2.0]])),
        ("input", torch.tensor([7, 8])),
    ],
)
def test_each_kind_replaces_an_array(kind: str, expected: torch.Tensor) -> None:
    received = answered(kind, X, "a name", torch.tensor([7, 8]))
    assert received.dtype == expected.dtype
    torch.testing.assert_close(received, expected, equal_nan=True)


def test_every_kind_has_been_tried() -> None:
    assert set(TRIVIAL) == {"zeros", "ones", "nan", "infinity", "empty", "scalar", "first_row", "input"}


def test_types_and_structure_stay() -> None:
    answer = {"loss": 0.5, "counts": [1, 2], "right": True, "name": "adam", "array": numpy.ones(2, dtype=numpy.int64)}
    zeros = answered("zeros", answer)
    assert (zeros["loss"], zeros["counts"], zeros["right"], zeros["name"]) == (0.0, [0, 0], False, "adam")
    assert [type(zeros["loss"]), type(zeros["counts"][0]), type(zeros["right"])] == [float, int, bool]
    assert isinstance(zeros["array"], numpy.ndarray) and zeros["array"].tolist() == [0, 0]
    assert answered("nan", (1, 2)) == (0, 0)


def test_a_list_of_numbers_is_one_array() -> None:
    assert answered("empty", [1.0, 2.0]) == []
    assert answered("scalar", [1.0, 2.0]) == 1.5
    assert answered("first_row", [1.0, 2.0]) == [1.0]


def test_a_scalar_is_no_answer_to_a_scalar() -> None:
    assert answered("scalar", torch.tensor(3.5)) == 4.5


def test_what_the_test_put_there_itself_is_given_back_as_it_is() -> None:
    torch.testing.assert_close(answered("zeros", None, X, after=True)[0], X)
    session = TrivialSession(module(None), "zeros")
    held = session.call({"op": "hold", "value": pack(X), "device": None}, 1.0)["value"]
    assert isinstance(held, wire.Handle)
    torch.testing.assert_close(unpack(session.call({"op": "fetch", "target": held}, 1.0)["value"]), X)


def test_any_other_kind_leaves_the_answers_alone() -> None:
    torch.testing.assert_close(answered("reference", X), X)
