"""Why a value is wrong, where that can be read off the value and the right one alone. Pure; says nothing when in doubt.

Each cause is a guess at what the right value was turned into. It is told only when the guess agrees with what came back
to the tolerance of the comparison, and no other guess does that is as specific. A sentence names the cause and holds
no number of the values: what it gives away of the right value is its name.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from autograder.judge.factors import factor_cause

__all__ = ["cause_of_difference", "cause_of_exception", "cause_of_shape"]

_MOST, _MOST_ROWS = 2**18, 256
"""Elements of a value that is looked into, and slices along an axis that are told apart one by one."""
_CLEARLY = 30.0
"""How many allowances a value must be off before it is more than unlucky rounding."""
_SPREAD = 100.0
"""How many allowances the right values must lie apart before agreement with a guess says something."""
_DIVISOR, _BITS = 840, 16
"""Multiples of 1/840, which all fractions up to eighths are, agree by chance: this much they must say in all."""

_EXCEPTIONS = {
    "does not require grad": (
        "The result is cut off from the graph that autograd follows: no_grad, detach, .data, .item(), .numpy() and "
        "torch.tensor(…) of computed values do that. Compute it from the tensors themselves."
    ),
    "backward through the graph a second time": (
        "backward ran twice over one graph: compute the loss anew before each backward, from tensors that no earlier "
        "step computed."
    ),
    "a leaf Variable that requires grad": (
        "A parameter is changed in place while autograd records: make the update inside torch.no_grad()."
    ),
    "modified by an inplace operation": (
        "A value that backward still needs was overwritten: use an operation that makes a new tensor, not one in place."
    ),
    "tensors to be on the same device": (
        "Tensors on different devices meet in one operation: move every input, label and tensor that your code makes "
        "to the device of the parameters."
    ),
}


def cause_of_exception(message: str) -> str:
    """Return what is behind a common exception of autograd's or of a device, or nothing."""
    return next((cause for words, cause in _EXCEPTIONS.items() if words in message), "")


def cause_of_shape(actual: Sequence[int], expected: Sequence[int]) -> str:
    """Return what a wrong shape looks like beside the right one, or nothing."""
    mine, right = tuple(actual), tuple(expected)
    if len(mine) == len(right) == 2 and mine == right[::-1] and 1 not in right:
        return "Rows and columns are swapped: it has the shape of the transpose."
    if sorted(mine) == sorted(right) and math.prod(right) > 1 and 1 not in right:
        return "Its axes are in another order."
    if [size for size in mine if size != 1] == [size for size in right if size != 1]:
        word = "too many" if len(mine) > len(right) else "missing" if len(mine) < len(right) else "in another place"
        look = "look at what keeps, drops or adds one (in PyTorch keepdim, squeeze and unsqueeze)"
        return f"An axis of size 1 is {word}: {look}."
    size = max(right, default=0)
    if size > 1 and mine == (size, size) and right in ((size,), (size, 1), (1, size)):
        return (
            "A row met a column: an operation on shapes (n,) and (n, 1) broadcasts to (n, n). "
            "Give both the same shape first."
        )
    if math.prod(mine) == math.prod(right) > 1:
        return "It has the right number of elements, laid out in another shape."
    if len(mine) == len(right) - 1 and mine in itertools.combinations(right, len(mine)):
        return "An axis is gone: a sum, mean, maximum or index took it away." if right else ""
    if not mine and math.prod(right) > 1:
        return "All axes are gone: a sum or mean over everything, where one over some axes, or none, is wanted."
    return ""


def cause_of_difference(actual: Tensor, expected: Tensor, rtol: float, atol: float) -> str:
    """Return the likely cause of a wrong value, or nothing.

    Both have the same shape; `rtol` and `atol` are those of the comparison that failed.
    """
    if actual.is_complex() or expected.is_complex() or not 0 < expected.numel() <= _MOST:
        return ""
    if expected.dtype == torch.bool and actual.dtype == torch.bool:
        both = 0 < int(expected.sum()) < expected.numel()
        opposite = both and expected.numel() >= 8 and torch.equal(actual, ~expected)
        return "Every truth value is the opposite of the right one." if opposite else ""
    pair = _Pair(actual.to(torch.float64), expected.to(torch.float64), rtol, atol)
    if not pair.is_telling():
        return ""
    guesses = _guesses_at_many if pair.has_variety() else _guesses_at_few
    found: dict[str, int] = {}
    for rank, sentence, candidate in guesses(pair):
        if pair.fits(candidate):
            found[sentence] = min(rank, found.get(sentence, rank))
    best = [sentence for sentence, rank in found.items() if rank == min(found.values())]
    return best[0] if len(best) == 1 else ""


@dataclass(frozen=True)
class _Pair:
    """What came back and what is right, in float64 and of one shape, with the tolerances of their comparison."""

    actual: Tensor
    expected: Tensor
    rtol: float
    atol: float

    def allowed(self, value: Tensor) -> Tensor:
        """The distance from `value` that is as good as none."""
        return self.atol + self.rtol * value.abs()

    def fits(self, candidate: Tensor) -> bool:
        """Is `candidate` what came back? NaN and infinities stand where they stood."""
        finite = torch.isfinite(self.expected)
        return bool(((self.actual - candidate).abs() <= self.allowed(candidate))[finite].all())

    def is_telling(self) -> bool:
        """Are the values finite in the same places, clearly wrong, and further apart than the tolerance?"""
        finite = torch.isfinite(self.expected)
        if not bool(finite.any()) or not torch.equal(finite, torch.isfinite(self.actual)):
            return False
        right = self.expected[finite]
        allowed = self.allowed(right)
        clear = ((self.actual[finite] - right).abs() > _CLEARLY * allowed).any()
        spread = right.max() - right.min() if right.numel() > 2 else right.abs().min()
        return bool(clear) and bool(spread > _SPREAD * allowed.max())

    def has_variety(self) -> bool:
        """Are there enough right values that differ, so that no guess agrees with them by chance?"""
        right = self.expected[torch.isfinite(self.expected)].sort().values
        different = 1 + int((right.diff() > 4 * self.allowed(right[1:])).sum())
        return different >= 3 and (not _has_fractions(right) or right.numel() * math.log2(different) >= _BITS)


def _has_fractions(values: Tensor) -> bool:
    """Are most of the values simple fractions, whole numbers among them?"""
    parts = values * _DIVISOR
    return 2 * int(((parts - parts.round()).abs() < 2e-3).sum()) >= values.numel()


_Guesses = Iterator[tuple[int, str, Tensor]]
"""Rank (the lower the more specific), sentence, and what would have come back."""


def _guesses_at_few(pair: _Pair) -> _Guesses:
    """Guess at a number or two. They must be no simple fractions: those are multiples and complements by chance."""
    right = pair.expected
    if right.numel() > 2 or _has_fractions(right):
        return
    if bool((pair.allowed(right) > 1e-4 * right.abs()).any()):
        return
    yield from _by_element(pair)
    yield 0, "It is twice the right value.", 2 * right
    yield 0, "It is half of the right value.", right / 2


def _guesses_at_many(pair: _Pair) -> _Guesses:
    right = pair.expected
    yield 0, "It is 0 everywhere: was the result ever written to it?", torch.zeros_like(right)
    if bool(pair.actual.abs().max() <= pair.atol):
        return  # What squares, cuts and factors make of small numbers is 0 too.
    yield from _by_element(pair)
    yield from _cut(right)
    cause, candidate = factor_cause(pair.actual, right)
    yield 1 if cause.rank == 0 else 3, cause.sentence, candidate
    finite = torch.isfinite(right)
    offset = (pair.actual - right)[finite].mean()
    yield 3, "Every element is off by the same amount.", right + offset
    yield 1, "Every element is too large by exactly 1.", right + 1
    yield 1, "Every element is too small by exactly 1.", right - 1
    if bool(finite.all()):
        yield from _rearranged(pair)
        yield from _normalised(pair)
        yield from _levelled(pair)


def _by_element(pair: _Pair) -> _Guesses:
    right = pair.expected
    yield 0, "Its sign is the opposite of the right one.", -right
    yield 0, "It is the square of the right value.", right**2
    yield 0, "It is the square root of the right value.", right.sqrt()
    yield 0, "It is the logarithm of the right value.", right.log()
    yield 0, "It is the exponential of the right value: a logarithm is missing.", right.exp()
    yield 0, "It is 1 minus the right value.", 1 - right
    yield 0, "It is 1 divided by the right value: numerator and denominator are swapped.", 1 / right
    if bool((right.abs() < 8).any()):  # Of large numbers it is 0 or 1, which much else gives too.
        yield 0, "A sigmoid was applied that should not be.", right.sigmoid()
    yield 0, "A sigmoid is missing.", right.logit()


def _cut(right: Tensor) -> _Guesses:
    """Guess at values that lost a part: their sign, what is below 0, or what comes after the point."""
    if int((right < 0).sum()) >= 2:
        if int((right > 0).sum()) >= 2:
            yield 0, "Negative values have become 0, as a ReLU does; here they are wanted.", right.clamp(min=0)
        yield 0, "The signs are lost: it is the absolute value of the right value.", right.abs()
    whole = "They are whole numbers: an integer dtype or // has cut off what comes after the point."
    if len(set(right.trunc().reshape(-1)[:1000].tolist())) >= 3:
        yield 0, whole, right.trunc()
        yield 0, whole, right.floor()
        yield 0, "They are whole numbers: the right values, rounded.", right.round()


def _rearranged(pair: _Pair) -> _Guesses:
    """Guess at the right numbers in wrong places, and at running sums of them."""
    right = pair.expected
    for first, second in itertools.combinations(range(right.dim()), 2):
        where = "Rows and columns" if right.dim() == 2 else f"Axes {first} and {second}"
        if right.shape[first] == right.shape[second]:
            yield 0, f"{where} are swapped.", right.transpose(first, second)
        elif right.dim() == 2:
            sentence = "The right numbers stand in wrong places, as view or reshape puts them where .T is meant."
            yield 0, sentence, right.T.reshape(right.shape)
    for axis, size in enumerate(right.shape):
        along = f" along axis {axis}" if right.dim() > 1 else ""
        if size >= 3:
            yield 0, f"The order is reversed{along}.", right.flip(axis)
            yield 0, f"It is the running sum{along} of the right values.", right.cumsum(axis)
            steps = right.diff(dim=axis, prepend=torch.zeros_like(right.narrow(axis, 0, 1)))
            yield 0, f"It holds each step{along}, where the sum of the steps so far is wanted.", steps
        if size >= 4:
            mine, away = pair.actual, size - 1
            late = torch.cat([mine.narrow(axis, 0, 1), right.narrow(axis, 0, away)], axis)
            early = torch.cat([right.narrow(axis, 1, away), mine.narrow(axis, away, 1)], axis)
            yield 1, f"Each value stands one place too late{along}.", late
            yield 1, f"Each value stands one place too early{along}.", early
        if 3 <= size <= _MOST_ROWS:
            yield 2, f"The right values are there, in a wrong order{along}.", _reordered(pair, axis)


def _reordered(pair: _Pair, axis: int) -> Tensor:
    """Put the slices of the right value in the order in which they came back; NaN where there is no one such order."""
    right, mine = pair.expected.movedim(axis, 0), pair.actual.movedim(axis, 0)
    rows, found = right.reshape(len(right), -1), mine.reshape(len(mine), -1)
    if rows.numel() * len(rows) > 2**22:
        return torch.full_like(pair.expected, math.nan)
    same = ((found[:, None] - rows[None]).abs() <= pair.allowed(rows)[None]).all(2)
    if not bool((same.sum(0) == 1).all() and (same.sum(1) == 1).all()):
        return torch.full_like(pair.expected, math.nan)
    return right[same.to(torch.int64).argmax(1)].movedim(0, axis)


def _normalised(pair: _Pair) -> _Guesses:
    """Guess at a softmax or a division by a sum that is missing, is too much, or goes along another axis."""
    right, mine = pair.expected, pair.actual
    for axis, size in enumerate(right.shape):
        along = f" along axis {axis}" if right.dim() > 1 else ""
        if size < 2:
            continue
        yield 0, f"A softmax{along} was applied that should not be.", right.softmax(axis)
        yield 0, f"A log-softmax{along} was applied that should not be.", right.log_softmax(axis)
        if right.dim() > 1 or size >= 3:
            yield 1, f"It was divided by its sum{along}, and should not be.", right / right.sum(axis, keepdim=True)
        # What is missing is put on what came back; the guess is right where that gives the right value.
        for name, done in (
            ("A softmax", mine.softmax(axis)),
            ("A log-softmax", mine.log_softmax(axis)),
            ("A division by the sum", mine / mine.sum(axis, keepdim=True)),
        ):
            if _Pair(done, right, pair.rtol, pair.atol).fits(right):
                yield 1, f"{name}{along} is missing.", mine
    if right.dim() == 2 and _softmax_turned(pair):
        yield (
            0,
            "It sums to 1 along the wrong axis: the softmax, or the division by the sum, goes along the other.",
            mine,
        )


def _softmax_turned(pair: _Pair) -> bool:
    """Do both sum to 1, each along another axis of two, and differ by what such a change makes?"""
    right, mine = pair.expected, pair.actual
    if bool((right <= 0).any() or (mine <= 0).any()) or min(right.shape) < 2:
        return False
    ones = [[bool((x.sum(axis) - 1).abs().max() < 1e-4) for axis in (0, 1)] for x in (right, mine)]
    ratio = mine.log() - right.log()
    rest = ratio - ratio.mean(0, keepdim=True) - ratio.mean(1, keepdim=True) + ratio.mean()
    return sorted(ones) == [[False, True], [True, False]] and bool(rest.abs().max() < 1e-4)


def _levelled(pair: _Pair) -> _Guesses:
    """Guess at values that no longer differ along an axis."""
    right, mine = pair.expected, pair.actual
    yield 1, "It is the mean of the right values everywhere.", right.mean().expand_as(right)
    yield 1, "It is the sum of the right values everywhere.", right.sum().expand_as(right)
    yield 2, "All elements are the same, and should not be.", mine.mean().expand_as(right)
    if pair.fits(mine.mean().expand_as(right)):
        return
    for axis, size in enumerate(right.shape):
        if right.dim() > 1 and size >= 3:
            for name, level in (("mean", right.mean(axis, keepdim=True)), ("sum", right.sum(axis, keepdim=True))):
                yield 0, f"Along axis {axis} it is the {name} of the right values everywhere.", level.expand_as(right)
            level = mine.mean(axis, keepdim=True)
            yield 1, f"It is the same all along axis {axis}.", level.expand_as(right)
