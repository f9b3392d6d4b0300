"""Sequences kept for the report, such as the loss at each step: what tests call `curves`."""

import math
from typing import Any

import torch

from autograder.judge.compare import to_tensor
from autograder.judge.verdict import Mismatch
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

    def record(
        self,
        name: str,
        student: Any,
        reference: Any = (),
        *,
        x: Any = None,
        reference_x: Any = None,
        figure: str = "",
    ) -> None:
        """Keep a sequence of numbers (of any length; it is thinned) and the reference's, to be plotted in the report.

        Args:
            name: what the numbers are, such as `cost`.
            student: the student's numbers.
            reference: those of the reference.
            x: where the student's numbers stand on the horizontal axis. None: at 0, 1, 2 ...
            reference_x: the same for the reference.
            figure: title of the figure that this is a line of. The lines of one figure are drawn together, the
                student's beside the reference's; without it the two sequences are drawn over each other.

        Raises:
            Mismatch: `student` or `x` is not a sequence of real numbers, or they are not of one length.
        """
        if len(self.recorded) >= _CURVES:
            return
        values, places = _points(name, student, x)
        expected, expected_places = _points(name, reference, reference_x)
        self.recorded.append(
            Curve(
                name=name,
                student=values,
                reference=expected,
                x=places,
                reference_x=() if expected_places == places else expected_places,
                figure=figure,
                test=self._test,
            )
        )


def _points(name: str, values: Any, x: Any) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """Return at most `_POINTS` of the values, and where they stand."""
    flat, places = _flat(name, values), None if x is None else _flat(name, x)
    count = len(flat)
    if places is not None and len(places) != count:
        raise Mismatch(f"The curve “{name}” has {len(places)} places for {count} values; it must have one for each.")
    picked = range(count) if count <= _POINTS else [round(i * (count - 1) / (_POINTS - 1)) for i in range(_POINTS)]
    return (
        tuple(_number(float(flat[i])) for i in picked),
        tuple(float(i) if places is None else _number(float(places[i])) for i in picked),
    )


def _flat(name: str, values: Any) -> torch.Tensor:
    tensor = to_tensor(values)
    if tensor.is_complex():
        raise Mismatch(f"The curve “{name}” is complex; it must be real.")
    return tensor.double().reshape(-1)


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None
