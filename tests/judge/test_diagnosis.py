"""Why a value is wrong: each cause is found where it is one, and nothing is said of what is merely wrong."""

import re
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from autograder.judge.compare import TOLERANCES, Compare
from autograder.judge.diagnosis import cause_of_difference, cause_of_exception, cause_of_shape
from autograder.judge.verdict import Mismatch, Raised

RTOL, ATOL = TOLERANCES[torch.float32]
Wrong = Callable[[Tensor], Tensor]


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def cause(actual: Tensor, expected: Tensor, rtol: float = RTOL, atol: float = ATOL) -> str:
    return cause_of_difference(actual, expected, rtol, atol)


VALUES: list[tuple[str, Wrong, str]] = [
    ("negative", lambda x: -x, "Its sign is the opposite"),
    ("twice", lambda x: 2 * x, "twice the right value"),
    ("half", lambda x: x / 2, "half of the right value"),
    ("minus twice", lambda x: -2 * x, "twice the right value, with the opposite sign"),
    ("sum over an axis", lambda x: 5 * x, "too large by the size of axis 0: a sum"),
    ("mean over an axis", lambda x: x / 4, "too small by the size of axis 1: a mean"),
    ("all elements", lambda x: 20 * x, "too large by the number of elements"),
    ("accumulated", lambda x: 7 * x, "a whole number of times too large"),
    ("averaged", lambda x: x / 64, "too small by a whole number: a mean"),
    ("sample variance", lambda x: x * 10 / 9, "It is divided by n - 1"),
    ("sample deviation", lambda x: x * (10 / 9) ** 0.5, "It is divided by n - 1"),
    ("population variance", lambda x: x * 9 / 10, "It is divided by n, where n - 1"),
    ("percentage", lambda x: 100 * x, "100 times the right value"),
    ("odd factor", lambda x: 0.7312 * x, "off by the same factor"),
    ("offset", lambda x: x + 0.31, "off by the same amount"),
    ("one more", lambda x: x + 1, "too large by exactly 1"),
    ("zeros", torch.zeros_like, "It is 0 everywhere"),
    ("constant", lambda x: torch.full_like(x, 0.37), "All elements are the same"),
    ("mean of all", lambda x: x.mean().expand_as(x), "the mean of the right values everywhere"),
    ("mean of rows", lambda x: x.mean(0, keepdim=True).expand_as(x), "Along axis 0 it is the mean"),
    ("reversed", lambda x: x.flip(1), "The order is reversed along axis 1"),
    ("running sum", lambda x: x.cumsum(0), "the running sum along axis 0"),
    ("steps", lambda x: x.diff(dim=0, prepend=torch.zeros(1, 4)), "It holds each step along axis 0"),
    ("late", lambda x: torch.cat([torch.ones(1, 4), x[:-1]]), "one place too late along axis 0"),
    ("early", lambda x: torch.cat([x[1:], torch.ones(1, 4)]), "one place too early along axis 0"),
    ("rows permuted", lambda x: x[[2, 0, 1, 4, 3]], "in a wrong order along axis 0"),
    ("viewed", lambda x: x.T.contiguous().view(x.shape), "as view or reshape puts them"),
    ("ReLU", torch.relu, "as a ReLU does"),
    ("absolute", torch.abs, "The signs are lost"),
    ("squared", torch.square, "It is the square of"),
    ("softmax", lambda x: x.softmax(1), "A softmax along axis 1 was applied"),
    ("log-softmax", lambda x: x.log_softmax(1), "A log-softmax along axis 1 was applied"),
    ("sigmoid", torch.sigmoid, "A sigmoid was applied"),
    ("exponential", torch.exp, "a logarithm is missing"),
    ("reciprocal", lambda x: 1 / x, "numerator and denominator are swapped"),
    ("complement", lambda x: 1 - x, "It is 1 minus the right value"),
    ("truncated", lambda x: (x * 1).trunc(), "They are whole numbers"),
]


@pytest.mark.parametrize(("wrong", "words"), [case[1:] for case in VALUES], ids=[case[0] for case in VALUES])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("seed", range(3))
def test_a_cause_is_named(wrong: Wrong, words: str, dtype: torch.dtype, seed: int) -> None:
    right = 3 * drawn(5, 4, seed=seed)
    found = cause(wrong(right).to(dtype), right.to(dtype))
    assert words in found, found


PROBABILITIES: list[tuple[str, Wrong, str]] = [
    ("logarithms", torch.log, "It is the logarithm"),
    ("square root", torch.sqrt, "It is the square root"),
    ("logits", lambda p: p.log() + 3 * drawn(6, 1), "A softmax along axis 1 is missing"),
    ("scores", lambda p: p * drawn(6, 1).exp(), "A division by the sum along axis 1 is missing"),
    ("other axis", lambda p: (p.log() + drawn(6, 1)).softmax(0), "It sums to 1 along the wrong axis"),
    ("classes exchanged", lambda p: p[:, [1, 2, 0, 3, 4]], "in a wrong order along axis 1"),
]


@pytest.mark.parametrize(
    ("wrong", "words"), [case[1:] for case in PROBABILITIES], ids=[case[0] for case in PROBABILITIES]
)
def test_a_cause_is_named_where_probabilities_are_wanted(wrong: Wrong, words: str) -> None:
    right = drawn(6, 5, seed=1).softmax(1)
    found = cause(wrong(right), right)
    assert words in found, found


def test_a_transpose_is_named_where_both_sides_are_as_long() -> None:
    right = drawn(4, 4)
    assert cause(right.T, right) == "Rows and columns are swapped."
    counts = torch.tensor([[5, 2, 0], [1, 7, 3], [0, 4, 6]])
    assert cause(counts.T, counts, 0, 0) == "Rows and columns are swapped."


def test_truth_values_that_are_all_opposite_are_named_when_there_are_enough() -> None:
    right = drawn(12) > 0
    assert "opposite" in cause(~right, right)
    assert cause(~right[:4], right[:4]) == ""


def test_one_number_is_told_only_what_is_no_coincidence() -> None:
    loss = torch.tensor(0.7313871)
    assert "sign" in cause(-loss, loss)
    assert "twice" in cause(2 * loss, loss)
    assert "square root" in cause(loss.sqrt(), loss)
    for fraction in (0.5, 1 / 3, 0.25, 5 / 6):
        for factor in (2.0, 0.5):
            assert cause(torch.tensor(fraction * factor), torch.tensor(fraction)) == ""


def test_values_that_are_not_a_number_are_left_out_of_account() -> None:
    right = drawn(8)
    right[3] = torch.nan
    assert "sign" in cause(-right, right)
    there = right.nan_to_num(0.0)
    assert cause(-there, right) == "", "NaN in another place"


def test_nothing_is_said_where_two_causes_fit_as_well() -> None:
    skew = drawn(4, 4)
    skew = skew - skew.T  # its transpose is its negative
    assert cause(-skew, skew) == ""
    odd = torch.tensor([-2.0, -0.7, 0.0, 0.7, 2.0])  # its reverse is its negative
    assert cause(-odd, odd) == ""


def test_nothing_is_said_of_constants_of_rounding_and_of_loose_tolerances() -> None:
    assert cause(torch.full((6,), 2.0), torch.full((6,), 4.0)) == ""
    right = drawn(5, 4)
    assert cause(right * (1 + 10 * RTOL), right) == ""
    assert cause(-right, right, 0.0, 0.5) == ""
    assert cause(torch.empty(0), torch.empty(0)) == ""
    assert cause(right.to(torch.complex64), -right) == ""


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([(), (2,), (3,), (7,), (2, 2), (3, 4), (5, 5), (2, 3, 4)]))
def test_a_random_value_has_no_cause(seed: int, shape: tuple[int, ...]) -> None:
    right, other = drawn(*shape, seed=seed), drawn(*shape, seed=seed + 1)
    assert cause(other, right) == ""
    assert cause(other.softmax(-1) if shape else other, right.softmax(-1) if shape else right) == ""


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 2**31),
    st.sampled_from([(), (2,), (3,), (7,), (3, 4), (5, 5)]),
    st.sampled_from([1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1]),
)
def test_a_right_value_with_noise_has_no_cause(seed: int, shape: tuple[int, ...], size: float) -> None:
    right, noise = drawn(*shape, seed=seed), drawn(*shape, seed=seed + 1)
    assert cause(right + size * noise, right) == ""
    assert cause(right * (1 + size * noise), right) == ""


def test_ones_beside_large_numbers_are_no_sigmoid() -> None:
    assert cause(torch.tensor(1.0), torch.tensor(97.31)) == ""
    assert "sigmoid" not in cause(torch.ones(4), torch.tensor([31.7, 45.2, 87.9, 60.3]))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**31), st.integers(2, 4), st.integers(4, 40))
def test_wrong_classes_and_counts_have_no_cause(seed: int, classes: int, count: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    right = torch.randint(0, classes, (count,), generator=generator)
    wrong = torch.randint(0, classes, (count,), generator=generator)
    if not torch.equal(right, wrong) and len(wrong.unique()) > 1:
        assert cause(wrong, right, 0, 0) == ""


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**31), st.integers(3, 8))
def test_ratios_of_small_counts_have_no_cause_by_chance(seed: int, classes: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    over = torch.randint(1, 9, (2, classes), generator=generator)
    counts = (torch.rand(2, classes, generator=generator) * (over + 1)).floor()
    right, wrong = counts / over
    if len(wrong.unique()) > 2 and not torch.equal(right.sort().values, wrong.sort().values):
        assert cause(wrong, right) == ""


@pytest.mark.parametrize(
    ("actual", "expected", "words"),
    [
        ((3, 5), (5, 3), "Rows and columns are swapped"),
        ((4, 2, 3), (2, 3, 4), "Its axes are in another order"),
        ((6, 1), (6,), "An axis of size 1 is too many"),
        ((6,), (1, 6), "An axis of size 1 is missing"),
        ((1, 6), (6, 1), "An axis of size 1 is in another place"),
        ((6, 6), (6,), "A row met a column"),
        ((6, 6), (6, 1), "A row met a column"),
        ((12,), (3, 4), "the right number of elements"),
        ((3,), (3, 4), "An axis is gone"),
        ((), (3, 4), "All axes are gone"),
        ((), (7,), "An axis is gone"),
        ((7,), (6,), ""),
        ((3, 4), (3, 5), ""),
        ((2, 3), (7, 4), ""),
    ],
)
def test_a_wrong_shape_is_explained_where_it_tells(
    actual: tuple[int, ...], expected: tuple[int, ...], words: str
) -> None:
    found = cause_of_shape(actual, expected)
    assert words in found and bool(words) == bool(found)


def test_exceptions_that_a_cut_graph_or_a_device_raises_are_explained() -> None:
    x = torch.ones(3)
    with pytest.raises(RuntimeError) as caught:
        x.sum().backward()
    assert "cut off from the graph" in cause_of_exception(str(caught.value))
    leaf = torch.ones(3, requires_grad=True)
    with pytest.raises(RuntimeError) as caught:
        leaf += 1
    assert "torch.no_grad()" in cause_of_exception(str(caught.value))
    loss = (leaf**2).sum()
    loss.backward()
    with pytest.raises(RuntimeError) as caught:
        loss.backward()
    assert "ran twice" in cause_of_exception(str(caught.value))
    assert cause_of_exception("division by zero") == ""
    raised = Raised("`f`", "RuntimeError", "element 0 of tensors does not require grad", [])
    assert "cut off from the graph" in raised.cause


def test_a_comparison_that_fails_says_why() -> None:
    compare, right = Compare(), drawn(6)
    with pytest.raises(Mismatch) as caught:
        compare.close({"z": -right}, {"z": right})
    assert caught.value.cause == "Its sign is the opposite of the right one."
    with pytest.raises(Mismatch) as caught:
        compare.close(right[:, None], right)
    assert "size 1 is too many" in caught.value.cause
    with pytest.raises(Mismatch) as caught:
        compare.close(drawn(6, seed=1), right)
    assert caught.value.cause == ""


@pytest.mark.parametrize("wrong", [case[1] for case in VALUES], ids=[case[0] for case in VALUES])
def test_a_cause_holds_no_number_of_the_values(wrong: Wrong) -> None:
    names = {"0", "1", "100"}  # of axes, and of what the cause is called
    words = {
        cause(wrong(right), right) for right in (drawn(5, 4, seed=5), 3 * drawn(5, 4, seed=6), drawn(5, 4, seed=7))
    }
    assert set(re.findall(r"\d+(?:\.\d+)?", " ".join(words))) <= names
