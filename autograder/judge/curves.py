"""Sequences kept for the report, such as the loss at each step: what tests call `curves`."""

import math
from typing import Any

from autograder.judge.compare import to_tensor
from autograder.result import Curve

__all__ = ["Curves"]

_POINTS = 200
_CURVES = 12


class Curves:
    """Collects the curves of one submission."""

    def __init__(self) -> None:
        self.recorded: list[Curve] = []
        self._test = ""

    def begin(self, test: str) -> None:
        """What is recorded from now on belongs to this test; what an earlier run of it recorded is dropped."""
        self._test = test
        self.recorded = [curve for curve in self.recorded if curve.test != test]

    def record(self, name: str, student: Any, reference: Any = ()) -> None:
        """Keep a sequence of numbers (of any length; it is thinned) and the reference's, to be plotted in the report.

        Raises:
            Mismatch: `student` is not a sequence of numbers.
        """
        if len(self.recorded) < _CURVES:
            self.recorded.append(Curve(name=name, student=_thin(student), reference=_thin(reference), test=self._test))


def _thin(values: Any) -> tuple[float | None, ...]:
    if isinstance(values, tuple) and not values:
        return ()
    flat = to_tensor(values).double().reshape(-1)
    count = len(flat)
    picked = range(count) if count <= _POINTS else [round(i * (count - 1) / (_POINTS - 1)) for i in range(_POINTS)]
    numbers = [float(f"{float(flat[i]):.6g}") for i in picked]
    return tuple(number if math.isfinite(number) else None for number in numbers)
