"""What crosses the pipe comes out as it went in; what is not allowed on it is refused before it is believed."""

import json
import math
import os
import struct
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.worker import wire
from autograder.worker.wire import Array, Handle, TooLarge, WireError

CAP = 2**24
FUZZ = int(os.environ.get("FUZZ", "1"))

numbers = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False))
scalars = st.one_of(st.none(), st.booleans(), numbers, st.text(st.characters(exclude_categories=["Cs"])), st.binary())
arrays = st.builds(
    lambda size, kind, grad: Array("int16", (size, 2), bytes(range(4 * size)), kind, "cuda:0", grad),
    st.integers(0, 20),
    st.sampled_from(["tensor", "array"]),
    st.booleans(),
)
handles = st.builds(Handle, st.integers(0, 2**40), st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
values = st.recursive(
    st.one_of(scalars, arrays, handles),
    lambda parts: st.one_of(
        st.lists(parts, max_size=5),
        st.lists(parts, max_size=5).map(tuple),
        st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), parts, max_size=5),
    ),
    max_leaves=20,
)


def body(value: Any) -> bytes:
    return wire.encode(value, CAP)[wire.PREFIX_SIZE :]


def header(tree: Any) -> bytes:
    return json.dumps(tree).encode() + b"\n"


@given(values)
@example([1.5] * 100)
@example(list(range(100)))
@example([True] * 100)
@example([1, 1.0] * 50)
def test_a_value_comes_out_as_it_went_in(value: Any) -> None:
    found = wire.decode(body(value))
    assert found == value
    assert repr(found) == repr(value), "1, 1.0 and True are equal, and not the same"


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, -0.0, 5e-324])
def test_a_float_keeps_its_bits(value: float) -> None:
    for found in (wire.decode(body(value)), wire.decode(body([value] * 100))[0]):
        assert struct.pack("d", found) == struct.pack("d", value)


def test_the_length_of_a_frame_stands_before_it() -> None:
    frame = wire.encode("text", CAP)
    assert wire.frame_length(frame[: wire.PREFIX_SIZE], CAP) == len(frame) - wire.PREFIX_SIZE


@pytest.mark.parametrize("length", [0, CAP + 1, 2**63, 2**64 - 1])
def test_a_length_out_of_bounds_is_refused_before_anything_is_read(length: int) -> None:
    with pytest.raises(WireError, match=f"a frame of {length} bytes"):
        wire.frame_length(length.to_bytes(8, "big"), CAP)


class Number(float):
    """Not exactly a float."""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2**63, "more than 64 bits"),
        ([2**63] * 100, "more than 64 bits"),
        ({1: "one"}, "a key of type int"),
        (Number(1.0), "a value of type Number"),
        ({1, 2}, "a value of type set"),
        (Array("int16", (3,), b"\0"), "do not fit its shape"),
    ],
)
def test_what_is_not_plain_data_is_not_sent(value: Any, words: str) -> None:
    with pytest.raises(WireError, match=words):
        wire.encode(value, CAP)


def test_a_value_nested_too_deeply_is_not_sent() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(WireError, match="nested more than 32 deep"):
        wire.encode(value, CAP)


@pytest.mark.parametrize("value", [b"a" * CAP, "a" * 2**23, ["a" * 2**13] * 2**10], ids=["bytes", "text", "texts"])
def test_a_value_that_is_too_large_is_not_sent(value: Any) -> None:
    with pytest.raises(TooLarge):
        wire.encode(value, CAP)


@pytest.mark.parametrize(
    "value", [["a"] * (wire.COUNT_CAP + 1), [0] * (wire.PACKED_CAP + 1)], ids=["values", "packed numbers"]
)
def test_what_would_be_refused_for_its_size_is_called_too_large_when_it_is_sent(value: Any) -> None:
    with pytest.raises(TooLarge):
        wire.encode(value, 2**30)


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert wire.decode(body("a\ud800b")) == "a?b"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"\xff\n",
        b"nul\n",
        b"{}\n",
        b'{"passed":true}\n',
        b"NaN\n",
        b"Infinity\n",
        b"1e999\n",
        b"9223372036854775808\n",
        b"1" * 5000 + b"\n",
        b'"\\ud800"\n',
        b"[" * 100_000 + b"\n",
        header([]),
        header(["unknown", 1]),
        header([[1], 2]),
        header(["f", "1.0"]),
        header(["f"]),
        header(["b", -1]),
        header(["b", True]),
        header(["b", 1]),
        header(["b", 2**62]),
        header(["b"]),
        header(["d", "key"]),
        header(["d", 1, 2]),
        header(["d", "key", 1, "key", 2]),
        header(["p", "float32", 1]) + bytes(8),
        header(["p", "float64", 2]) + bytes(8),
        header(["p", "float64", 2**40]),
        header(["h", -1, "Net"]),
        header(["h", 1]),
        header(["h", 1, None]),
        header(None) + b"left over",
        json.dumps(["l"] * 33)[:-1].encode() + b"\n",
    ],
)
def test_a_malformed_body_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(data)


@pytest.mark.parametrize(
    "description",
    [
        ["a", "object", [1], "tensor", "cpu", False],
        ["a", "|O8", [1], "tensor", "cpu", False],
        ["a", ["float32"], [1], "tensor", "cpu", False],
        ["a", "uint8", [-1], "tensor", "cpu", False],
        ["a", "uint8", [True], "tensor", "cpu", False],
        ["a", "uint8", [1.0], "tensor", "cpu", False],
        ["a", "uint8", 1, "tensor", "cpu", False],
        ["a", "uint8", [1] * 33, "tensor", "cpu", False],
        ["a", "uint8", [2], "tensor", "cpu", False],
        ["a", "uint8", [2**40, 2**40], "tensor", "cpu", False],
        ["a", "uint8", [0, 2**62, 2**62], "tensor", "cpu", False],
        ["a", "uint8", [1], "matrix", "cpu", False],
        ["a", "uint8", [1], "tensor", "tpu", False],
        ["a", "uint8", [1], "tensor", "cuda:99999", False],
        ["a", "uint8", [1], "tensor", "cuda:", False],
        ["a", "uint8", [1], "tensor", None, False],
        ["a", "uint8", [1], "tensor", "cpu", 1],
        ["a", "uint8", [1], "tensor", "cpu"],
    ],
)
def test_a_malformed_array_is_refused(description: list[Any]) -> None:
    assert wire.decode(header(["a", "uint8", [1], "tensor", "cpu", False]) + b"\0")
    with pytest.raises(WireError):
        wire.decode(header(description) + b"\0")


def test_more_values_than_a_frame_may_hold_are_refused() -> None:
    with pytest.raises(WireError, match="more than 200000 values"):
        wire.decode(header(["l", *[1] * (wire.COUNT_CAP + 1)]))


def test_a_long_list_of_numbers_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(WireError, match="a list of more than"):
        wire.decode(header(["p", "int64", wire.PACKED_CAP + 1]) + bytes(8 * (wire.PACKED_CAP + 1)))


@given(st.binary(max_size=200))
@settings(max_examples=500 * FUZZ, deadline=None)
def test_noise_is_refused_or_decoded_and_nothing_else(data: bytes) -> None:
    try:
        wire.decode(data)
    except WireError:
        return


@given(values, st.data())
@settings(max_examples=500 * FUZZ, deadline=None)
def test_a_damaged_frame_is_refused_or_decoded_and_nothing_else(value: Any, data: st.DataObject) -> None:
    damaged = bytearray(body(value))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        wire.decode(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    except WireError:
        return


def test_a_metaclass_does_not_choose_the_name_of_a_type() -> None:
    class Liar(type):
        __name__ = property(lambda cls: "float")  # type: ignore[assignment]

    class Honest(metaclass=Liar):
        pass

    assert wire.type_name(Honest()) == "Honest"
