"""Two programs replied the same: up to rounding, and up to what each has named for itself."""

import struct
from typing import Any

import pytest

from autograder.judge.trace import Likeness, Recorder, Trace
from autograder.worker import wire

CALL = {"op": "call", "target": "f", "args": (), "kwargs": {}, "after": False}


def trace(*replies: Any, requests: tuple[Any, ...] = ()) -> Trace:
    """`replies` are whole replies, or values; `requests` stand in for calls without arguments."""
    whole = [reply if isinstance(reply, dict) and "reply" in reply else {"value": reply} for reply in replies]
    asked = [*requests, *[CALL] * (len(whole) - len(requests))]
    return Trace(tuple(zip(asked, [reply.get("reply", reply) for reply in whole], strict=True)), 0)


def same(mine: Any, theirs: Any) -> bool:
    return Likeness(trace(mine), trace(theirs)).is_complete()


def floats(*values: float, kind: str = "tensor", device: str = "cpu") -> wire.Array:
    return wire.Array("float64", (len(values),), struct.pack(f"<{len(values)}d", *values), kind, device)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (0.5, 0.5 + 1e-9),
        ([0.5, 2.0], floats(0.5, 2.0)),
        (floats(0.5, 2.0), floats(0.5, 2.0 + 1e-9, kind="array", device="cuda:0")),
        (float("nan"), float("nan")),
        ([floats(1.0), floats(2.0)], (floats(1.0), floats(2.0))),
        ({"a": 1.5, "more": "mine"}, {"a": 1.5}),
        (b"one format", b"another"),
        ("text", "text"),
        (None, None),
        ([], ()),
    ],
)
def test_values_that_differ_in_their_container_or_by_rounding_are_the_same(mine: Any, theirs: Any) -> None:
    assert same(mine, theirs)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (0.5, 0.51),
        (1, 2),
        (float("nan"), 0.0),
        (True, False),
        (None, 0.0),
        ("text", "other"),
        ([0.5, 2.0], [0.5, 2.0, 2.0]),
        (floats(0.5), [floats(0.5)]),
        ({"a": 1.5}, {"a": 2.5}),
        ({"a": 1.5}, {"a": 1.5, "b": 2.5}),
        (b"bytes", "text"),
        (wire.Handle(1, "Net"), 1),
        ({}, []),
    ],
)
def test_values_that_differ_are_not(mine: Any, theirs: Any) -> None:
    assert not same(mine, theirs)
    assert not same(theirs, mine) or isinstance(mine, dict)


def test_handles_and_names_need_only_be_used_alike() -> None:
    def program(number: int, name: str, asked: int) -> Trace:
        net = wire.Handle(number, name)
        state = {f"{name}.weight": 0.7, f"{name}.bias": 0.9}
        fill = {**CALL, "target": wire.Handle(asked, name), "args": ({f"{name}.weight": 2.0},)}
        return trace(net, state, None, requests=(CALL, CALL, fill))

    mine, theirs = program(4, "fc1", 4), program(9, "hidden", 9)
    likeness = Likeness(mine, theirs)
    assert likeness.is_complete()
    assert likeness.renamed("the gradient of fc1.weight is wrong") == "the gradient of hidden.weight is wrong"
    assert not Likeness(mine, program(9, "hidden", 8)).is_complete(), "another handle is asked"


def test_exceptions_are_the_same_when_type_and_message_are() -> None:
    def raised(kind: str, message: str, line: int) -> dict[str, Any]:
        return {"reply": {"raised": {"type": kind, "message": message, "trace": [f"f.py, line {line}, in f"]}}}

    one = raised("RuntimeError", "sizes 3 and 4", 1)
    assert same(one, raised("RuntimeError", "sizes 3 and 4", 20))
    assert not same(one, raised("RuntimeError", "sizes 4 and 3", 1))
    assert not same(one, raised("ValueError", "sizes 3 and 4", 1))
    assert not same(one, {"reply": {"raised": "nonsense"}})
    assert not same({"reply": {"raised": 1}}, {"reply": {"raised": 2}}), "what has no form is like nothing"


def test_traces_must_agree_to_their_end() -> None:
    assert not Likeness(trace(1, 2), trace(1)).is_complete()
    assert not Likeness(trace(1), trace(1, 2)).is_complete()
    assert Likeness(trace(), trace()).is_complete()


@pytest.mark.parametrize(("reply", "much"), [(0.7313, True), (0.5, False), (0, False), ([0.1, 0.9, 0.3], False)])
def test_a_simple_number_says_little(reply: Any, much: bool) -> None:
    assert Likeness(trace(1.234), trace(reply)).says_much() is much
    assert not Likeness(trace(1.234), trace(1.234)).says_much()


def test_a_recorder_keeps_one_test_and_not_too_much_of_it() -> None:
    recorder = Recorder()
    recorder.add({"op": "load", "files": {}}, {"value": None})
    recorder.add({**CALL, "reset": 1}, {"value": 1})
    recorder.add(CALL, {"value": 2})
    kept = recorder.take()
    assert kept is not None and [reply for _, reply in kept.exchanges] == [{"value": 1}, {"value": 2}]
    recorder.add(CALL, {"value": 3})
    recorder.add({**CALL, "reset": 1}, {"value": 4})
    kept = recorder.take()
    assert kept is not None and [reply for _, reply in kept.exchanges] == [{"value": 4}], "the test began anew"
    recorder.add(CALL, {"value": b"x" * 3 * 2**20})
    recorder.add(CALL, {"value": 5})
    assert recorder.take() is None
    assert recorder.take() == Trace((), 0)
