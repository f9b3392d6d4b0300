"""Names for a constant factor between a wrong value and the right one."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["Factor", "factor_cause"]

_MOST_TIMES, _MOST_SAMPLES = 256, 32
"""Up to which whole number a factor is one by more than chance, and up to which n it is n / (n - 1)."""
_EXACT = 2e-5
"""Relative error to which a factor is known."""


@dataclass(frozen=True)
class Factor:
    """A factor by name."""

    rank: int
    """0 for one that has a name of its own, 1 for any other."""
    sentence: str


def factor_cause(actual: Tensor, expected: Tensor) -> tuple[Factor, Tensor]:
    """Return the name of the factor that fits best, and the right value times it. Both are float64, of one shape."""
    finite = torch.isfinite(expected)
    mine, right = actual[finite], expected[finite]
    factor = float((mine @ right) / (right @ right))
    for value, sentence in _named(tuple(expected.shape)):
        if math.isclose(factor, value, rel_tol=_EXACT):
            return Factor(0, sentence), expected * value
    return Factor(1, "Every element is off by the same factor."), expected * factor


def _named(shape: tuple[int, ...]) -> Iterator[tuple[float, str]]:
    yield 2, "Every element is twice the right value."
    yield 1 / 2, "Every element is half of the right value."
    yield -2, "Every element is twice the right value, with the opposite sign."
    sizes = {math.prod(shape): "number of elements"}
    sizes |= {size: f"size of axis {axis}" for axis, size in enumerate(shape)} if len(shape) > 1 else {}
    for size, name in sizes.items():
        if size > 2:
            yield size, f"Every element is too large by the {name}: a sum where a mean is wanted?"
            yield 1 / size, f"Every element is too small by the {name}: a mean where a sum is wanted?"
    yield 100, "Every element is 100 times the right value: a percentage where a fraction is wanted?"
    yield 1 / 100, "Every element is a hundredth of the right value: a fraction where a percentage is wanted?"
    for times in range(3, _MOST_TIMES + 1):
        yield (
            times,
            "Every element is a whole number of times too large: a sum where a mean is wanted, or one that goes on "
            "adding to what an earlier step left?",
        )
        yield (
            1 / times,
            "Every element is too small by a whole number: a mean where a sum is wanted, or a division too many?",
        )
    for n in range(3, _MOST_SAMPLES + 1):
        for power in (1.0, 0.5):
            yield (n / (n - 1)) ** power, "It is divided by n - 1, as samples are, where n is wanted."
            yield ((n - 1) / n) ** power, "It is divided by n, where n - 1 is wanted, as for samples."
