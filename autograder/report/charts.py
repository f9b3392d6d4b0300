"""The geometry of a line chart: a recorded curve of the student over that of the reference.

`templates/parts.html.j2` draws it as SVG, in the colours of the page, light and dark. Matplotlib would bring neither,
and takes longer to import than a class of three hundred takes to be written.
"""

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.result import Curve

__all__ = ["HEIGHT", "LEFT", "RIGHT", "TOP", "WIDTH", "LineChart", "Tick", "line_chart"]

# In the units of the SVG's view box. The plot is the box from (LEFT, TOP) to (RIGHT, BOTTOM).
WIDTH, HEIGHT = 640, 248
LEFT, RIGHT, TOP, BOTTOM = 76, 628, 12, 212

_LARGEST = 1e300  # beyond this, the difference of two finite floats need not be finite
_SPREAD_FOR_LOG = 1e3
_TICKS = 5


@dataclass(frozen=True)
class Tick:
    """A labelled height."""

    y: float
    label: str


@dataclass(frozen=True)
class LineChart:
    """What is to be drawn, and what is to be said to those who do not see it."""

    name: str
    student: str
    """Path data of SVG; empty where no value is finite. A value that is not finite is a gap."""
    reference: str
    ticks: tuple[Tick, ...]
    log: bool
    """Whether heights are logarithms: so where all values are positive and the largest is 1000 times the smallest."""
    summary: str
    """Beginning and end of both curves, and what could not be drawn, in sentences."""


def line_chart(curve: Curve) -> LineChart:
    """Lay out a curve. Any sequence will do: empty, constant, huge, or without a finite value."""
    values = [*_finite(curve.student), *_finite(curve.reference)]
    log = bool(values) and min(values) > 0 and max(values) / _SPREAD_FOR_LOG > min(values)
    heights = [math.log10(value) for value in values] if log else values
    low, high = _range(heights)
    return LineChart(
        name=curve.name,
        student=_path(curve.student, low, high, log),
        reference=_path(curve.reference, low, high, log),
        ticks=_ticks(low, high, log) if values else (),
        log=log,
        summary=_summary(curve),
    )


def _finite(values: Iterable[float | None]) -> list[float]:
    return [_clamped(value) for value in values if value is not None and math.isfinite(value)]


def _clamped(value: float) -> float:
    return max(-_LARGEST, min(_LARGEST, value))


def _range(heights: Sequence[float]) -> tuple[float, float]:
    """Return the heights at the bottom and the top of the plot; never equal."""
    low, high = min(heights, default=0.0), max(heights, default=1.0)
    if high - low > 1e-9 * max(abs(low), abs(high)) and high - low > 1e-290:
        return low, high
    margin = abs(high) / 2 or 1.0
    return low - margin, high + margin


def _path(values: Sequence[float | None], low: float, high: float, log: bool) -> str:
    """Return path data with a gap at each value that is not finite."""
    step = (RIGHT - LEFT) / max(len(values) - 1, 1)
    points: list[tuple[float, float] | None] = []
    for place, value in enumerate(values):
        if value is None or not math.isfinite(value):
            points.append(None)
        else:
            height = math.log10(_clamped(value)) if log else _clamped(value)
            points.append((LEFT + place * step, _y(height, low, high)))
    runs = [list(run) for there, run in itertools.groupby(points, key=lambda point: point is not None) if there]
    return "".join(_run([point for point in run if point]) for run in runs)


def _run(points: Sequence[tuple[float, float]]) -> str:
    (x, y), *rest = points
    # A line of no length with round caps is a dot: a lone value between two gaps is still seen.
    return f"M{x:.1f} {y:.1f}" + ("".join(f"L{x:.1f} {y:.1f}" for x, y in rest) or "h0")


def _y(height: float, low: float, high: float) -> float:
    return BOTTOM - (height - low) / (high - low) * (BOTTOM - TOP)


def _ticks(low: float, high: float, log: bool) -> tuple[Tick, ...]:
    """Return a handful of round heights in the range."""
    step = _round_step((high - low) / _TICKS)
    if log:
        step = max(1.0, round(step))
    first = math.ceil(low / step)
    heights = [place * step for place in range(first, first + 2 * _TICKS + 2) if low <= place * step <= high]
    return tuple(Tick(_y(height, low, high), _label(10**height if log else height)) for height in heights)


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `least`."""
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10, 20) if factor * power >= least)


def _label(value: float) -> str:
    return f"{value:.4g}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")


def _summary(curve: Curve) -> str:
    sentences = [_ends("Yours", curve.student)]
    if curve.reference:
        sentences.append(_ends("The reference", curve.reference))
    lost = len(curve.student) - len(_finite(curve.student))
    if lost:
        sentences.append(f"{lost} of your {len(curve.student)} points are NaN or infinite, and leave gaps.")
    return " ".join(sentences)


def _ends(whose: str, values: Sequence[float | None]) -> str:
    finite = _finite(values)
    if not finite:
        return f"{whose} has no finite value."
    return f"{whose} begins at {finite[0]:.3g} and ends at {finite[-1]:.3g}."
