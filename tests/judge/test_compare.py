"""Every comparison, and what a student reads when it fails: claim, where, how much; never the hidden value."""

import contextlib
import math
from typing import Any

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.judge.compare import TOLERANCES, Compare, to_tensor
from autograder.judge.values import unpack
from autograder.judge.verdict import Mismatch, Raised
from autograder.result import Status
from autograder.worker import wire

compare = Compare()


def mismatch(claim: str, *args: Any, **kwargs: Any) -> Mismatch:
    with pytest.raises(Mismatch) as failed:
        getattr(compare, claim)(*args, **kwargs)
    assert failed.value.status is Status.FAILED
    return failed.value


X = torch.tensor([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    "actual",
    [
        X,
        X.double(),
        X.numpy(),
        X.double().numpy(),
        [1.0, 2.0, 3.0],
        (1, 2, 3),
        [torch.tensor(1.0), 2.0, numpy.float64(3)],
        X.requires_grad_(),
        torch.tensor([1, 2, 3], dtype=torch.int32),
        X * (1 + 1e-6),
    ],
)
def test_any_numeric_type_with_the_right_values_is_close(actual: Any) -> None:
    found = compare.close(actual, X)
    assert isinstance(found, torch.Tensor) and not found.requires_grad


@pytest.mark.parametrize("dtype", TOLERANCES)
def test_the_tolerance_is_that_of_the_dtype(dtype: torch.dtype) -> None:
    relative, absolute = TOLERANCES[dtype]
    expected = torch.tensor([1000.0], dtype=dtype)
    allowed = absolute + relative * 1000
    compare.close(1000 + 0.9 * allowed + 0.0 * torch.zeros(1, dtype=torch.float64), expected)
    mismatch("close", torch.tensor([1000 + 1.1 * allowed], dtype=torch.float64), expected)


def test_float32_is_good_enough_where_float64_is_expected_and_half_precision_is_not() -> None:
    exact = torch.tensor([1 / 3], dtype=torch.float64)
    compare.close(exact.float(), exact)
    assert "It was computed in float16" in mismatch("close", exact.half(), exact).explanation
    assert "It was computed in bfloat16" in mismatch("close", exact.bfloat16(), exact.float()).explanation


def test_a_tolerance_can_be_given() -> None:
    compare.close(torch.tensor([1.1]), torch.tensor([1.0]), rtol=0.2)
    mismatch("close", torch.tensor([1.1]), torch.tensor([1.0]), rtol=0, atol=0.05)


def test_a_wrong_value_is_told_by_where_and_how_far_and_not_by_what_is_right() -> None:
    actual, expected = torch.zeros(4, 3), torch.full((4, 3), 0.0)
    expected[2, 1] = 0.123456
    failed = mismatch("close", actual, expected, what="the loss")
    assert failed.explanation == (
        "The loss is wrong in 1 of 12 elements. The worst is at [2, 1]: off by 0.1, "
        "which is 10000 times what rounding explains."
    )
    assert "0.12345" in failed.detail and "got 0.0" in failed.detail
    assert "12345" not in failed.explanation


def test_a_wrong_scalar_has_no_place() -> None:
    assert mismatch("close", 2.0, 1.0).explanation.startswith("The value that came back is wrong: off by 1, which is")


@pytest.mark.parametrize(
    ("actual", "words"),
    [
        (None, "None (is a return missing?)"),
        ("1.0", "a str"),
        (b"1.0", "a bytes"),
        ({"a": 1}, "a dict"),
        ([1.0, None], "None"),
        ([[1.0], [1.0, 2.0]], "different shapes"),
        (torch.zeros(()), "shape ()"),
        (torch.zeros(0), "shape (0,)"),
        (torch.zeros(1, 3), "shape (1, 3)"),
        ([X, X, X], "shape (3, 3)"),
    ],
)
def test_type_and_shape_come_before_values(actual: Any, words: str) -> None:
    explanation = mismatch("close", actual, X).explanation
    assert words in explanation
    assert "must" in explanation


@pytest.mark.parametrize(
    ("actual", "expected", "good"),
    [
        (math.nan, math.nan, True),
        (math.inf, math.inf, True),
        (-math.inf, math.inf, False),
        (math.inf, 1.0, False),
        (1.0, math.inf, False),
        (1e308, -1e308, False),
        (math.nan, 1.0, False),
        (1.0, math.nan, False),
        (math.nan, math.inf, False),
        (-0.0, 0.0, True),
    ],
)
def test_nan_and_infinity_equal_themselves_only(actual: float, expected: float, good: bool) -> None:
    if good:
        compare.close(actual, expected)
    else:
        mismatch("close", actual, expected)
        mismatch("close", torch.tensor([actual]).double(), torch.tensor([expected]).double(), rtol=1e9)


def test_nan_is_named() -> None:
    assert "it is NaN there" in mismatch("close", torch.full((3,), math.nan), X).explanation


@given(st.lists(st.floats(allow_nan=True, width=32), min_size=1, max_size=5))
def test_what_is_expected_is_always_close_to_itself(numbers: list[float]) -> None:
    compare.close(torch.tensor(numbers), torch.tensor(numbers))
    compare.close(numbers, numbers)


def test_parts_of_containers_are_compared_and_named() -> None:
    expected = {"loss": 1.0, "weights": [X, torch.eye(2)]}
    compare.close({"loss": 1.0, "weights": (X, torch.eye(2)), "more": None}, expected)
    failed = mismatch("close", {"loss": 1.0, "weights": [X, 2 * torch.eye(2)]}, expected, what="the result")
    assert failed.explanation.startswith("The result['weights'][1] is wrong in 2 of 4 elements")
    assert "has 1 parts; it must have 2" in mismatch("close", {"loss": 1.0, "weights": [X]}, expected).explanation
    assert "no key 'loss'" in mismatch("close", {"los": 1}, expected).explanation
    assert "a list or tuple of 2" in mismatch("close", {"loss": 1.0, "weights": 5}, expected).explanation


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (3, 3),
        (3.0, 3),
        (True, True),
        ("abc", "abc"),
        (None, None),
        ([1, 2], [1, 2]),
        (torch.tensor([1, 2]), [1, 2]),
        (["a", 1], ["a", 1]),
        (numpy.array([True, False]), torch.tensor([True, False])),
    ],
)
def test_equal_values_are_equal(actual: Any, expected: Any) -> None:
    compare.equal(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (3 + 1e-9, 3),
        (4, 3),
        ("ABC", "abc"),
        (b"abc", "abc"),
        (0, None),
        (["a", 2], ["a", 1]),
        ([1, 2, 3], [1, 2]),
        (2**53 + 1, 2**53),
        (torch.tensor([2**53 + 1]), torch.tensor([2**53])),
    ],
)
def test_unequal_values_are_not_equal(actual: Any, expected: Any) -> None:
    mismatch("equal", actual, expected)


def test_a_wrong_text_does_not_show_the_right_one() -> None:
    failed = mismatch("equal", "mine", "theirs")
    assert "theirs" not in failed.explanation and "theirs" in failed.detail


def test_shape_gives_the_tensor() -> None:
    assert compare.shape([[1.0, 2.0]], (1, 2)).tolist() == [[1.0, 2.0]]
    assert "shape (2,); it must have shape (3,)" in mismatch("shape", [1, 2], (3,)).explanation


def test_keys_names_the_first_that_is_missing_and_those_there_are() -> None:
    assert compare.keys({"a": 1, "b": 2}, ["a"]) == {"a": 1, "b": 2}
    assert mismatch("keys", {"c": 1}, ["a", "b"]).explanation.endswith("has no key 'a'; it has: 'c'.")
    assert "a list; it must be a dict with the keys 'a'" in mismatch("keys", [], ["a"]).explanation


def test_finite_says_where_it_is_not() -> None:
    compare.finite([1.0, 2.0])
    assert "NaN or infinite in 2 of 3 elements, first at [1]" in mismatch("finite", [1, math.nan, math.inf]).explanation


def test_between_includes_its_ends_and_excludes_nan() -> None:
    compare.between(torch.tensor([0.0, 1.0]), 0, 1)
    assert "out of its range in 1 of 2 elements, first at [1]" in mismatch("between", [0.5, 1.1], 0, 1).explanation
    mismatch("between", math.nan, 0, 1)


def test_a_list_of_a_type_is_of_exactly_this_type() -> None:
    compare.list_of([1.0, 2.0], float, length=2)
    assert "[1] is an int; it must be a float" in mismatch("list_of", [1.0, 2], float).explanation
    assert "[0] is a bool; it must be an int" in mismatch("list_of", [True], int).explanation
    assert "has 1 elements; it must have 2" in mismatch("list_of", ["a"], str, length=2).explanation
    assert "a tensor; it must be a list of float" in mismatch("list_of", X, float).explanation


def test_a_numpy_array_of_a_kind() -> None:
    compare.numpy_array(numpy.zeros(2, "int16"), "integer", (2,))
    compare.numpy_array(numpy.zeros(2, "uint8"), "integer")
    assert "dtype float64; it must be of kind integer" in mismatch("numpy_array", numpy.zeros(2), "integer").explanation
    assert "a tensor; it must be a NumPy array" in mismatch("numpy_array", X, "float").explanation
    assert "shape (2,)" in mismatch("numpy_array", numpy.zeros(2), "float", (3,)).explanation


def test_a_dtype_where_it_is_part_of_the_task() -> None:
    compare.dtype(X, torch.float32)
    assert "has dtype float32; it must be int64" in mismatch("dtype", X, torch.int64).explanation


def test_a_device_is_the_one_the_tensor_was_on_in_the_worker() -> None:
    was_on_cuda = unpack(wire.Array("float32", (1,), bytes(4), device="cuda:0"))
    compare.device(was_on_cuda, "cuda")
    compare.device(X, "cpu")
    assert "is on cuda:0; it must be on cpu" in mismatch("device", was_on_cuda, "cpu").explanation
    assert "a float; it must be a tensor" in mismatch("device", 1.0, "cpu").explanation


def test_raises_wants_this_exception() -> None:
    def function(name: str | None) -> None:
        if name is not None:
            raise Raised("`function`", name, "secret", ())

    compare.raises("ValueError", function, "ValueError")
    assert (
        "raised KeyError; it must raise ValueError here"
        in mismatch("raises", "ValueError", function, "KeyError").explanation
    )
    assert (
        "returned a value; it must raise ValueError here"
        in mismatch("raises", "ValueError", function, None).explanation
    )


def test_that_says_what_the_author_wrote() -> None:
    compare.that(torch.tensor(True), "never seen")
    assert mismatch("that", torch.tensor(False), "The loss must fall.").explanation == "The loss must fall."


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        ([], torch.float64),
        ([True, False], torch.bool),
        ([1, True], torch.int64),
        ([1, 2.5, True], torch.float64),
        ([1.0, 2j], torch.complex128),
        ([2.5, torch.tensor(3, dtype=torch.uint16)], torch.float64),
    ],
)
def test_a_list_of_numbers_of_several_kinds_is_one_array(value: list[Any], dtype: torch.dtype) -> None:
    tensor = to_tensor(value)
    assert tensor.dtype == dtype
    assert tensor.tolist() == [complex(x) if dtype.is_complex else float(x) for x in value]


def test_keys_that_a_worker_chose_are_told_short_and_without_numbers() -> None:
    sentence = mismatch("keys", {f"got 3.14\nin {i}{'x' * 99}": 1 for i in range(1000)}, ["loss"]).explanation
    assert "'got … in …x" in sentence and "and 992 more" in sentence
    assert "3" not in sentence.replace("992", "") and len(sentence) < 700


@pytest.mark.parametrize(
    ("received", "expected", "margin"),
    [
        (torch.ones(3), torch.ones(3), 0.0),
        (1.5, 1.0, 0.5),
        (3.0, 1.0, 2.0),
        (math.nan, 1.0, math.inf),
        (math.nan, math.nan, 0.0),
        (math.inf, -math.inf, math.inf),
        (torch.empty(0), torch.empty(0, dtype=torch.float64), 0.0),
    ],
)
def test_the_margin_is_the_error_in_allowances(received: Any, expected: Any, margin: float) -> None:
    measured = Compare()
    with contextlib.suppress(Mismatch):
        measured.close(received, expected, rtol=0, atol=1.0)
    assert measured.margin == margin


def test_the_margin_is_that_of_the_worst_comparison_of_a_test() -> None:
    measured = Compare()
    assert measured.margin is None
    for received in (1.25, 1.75, 1.5):
        measured.close(received, 1.0, rtol=0, atol=1.0)
    measured.close(1.0, 1.0)
    assert measured.margin == 0.75
    measured.begin_test()
    assert measured.margin is None


def test_an_error_where_nothing_is_allowed_is_infinite() -> None:
    measured = Compare()
    with pytest.raises(Mismatch):
        measured.equal([1, 2], [1, 3])
    assert measured.margin == math.inf


def test_a_missing_return_is_suspected_of_a_whole_value_and_not_of_a_part() -> None:
    assert mismatch("close", None, X).explanation.startswith("The value that came back is None (is a return missing?);")
    for claim, value, expected in (("close", [None, 1.0, 2.0], X), ("close", {"a": None}, {"a": X})):
        explanation = mismatch(claim, value, expected).explanation
        assert "] is None; it must be" in explanation
    assert "[0] is None; it must be" in mismatch("list_of", [None], float).explanation
