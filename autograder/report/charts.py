"""The geometry of line charts: recorded curves of the student with those of the reference.

A curve that stands for itself is drawn over the reference's. The lines of a figure are drawn in two panels with the
same axes, the student's beside the reference's. `templates/parts.html.j2` draws them as SVG, in the colours of the
page, light and dark. Matplotlib would bring neither, and takes longer to import than a class of three hundred takes to
be written.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.result import Curve

__all__ = ["ALONE", "BOTTOM", "HALF", "HEIGHT", "TOP", "Chart", "Frame", "Line", "Panel", "Tick", "charts"]


@dataclass(frozen=True)
class Frame:
    """The width of a drawing, and where its plot is in it, in the units of the SVG's view box."""

    width: int
    left: int
    right: int


HEIGHT = 272
TOP, BOTTOM = 12, 212
ALONE = Frame(640, 76, 622)
HALF = Frame(352, 60, 338)
"""Half as wide, so that two stand side by side with letters of the same size."""

_LARGEST = 1e300  # beyond this, the difference of two finite floats need not be finite
_SPREAD_FOR_LOG = 1e3
_TICKS = 5
_LINES = 6  # styles that can be told apart


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """A line as it is drawn."""

    path: str
    """Path data of SVG; empty where no value is finite. A value that is not finite is a gap."""
    style: str
    """Class in the style sheet: `yours`, `reference`, or one of `line0` to `line5` in a figure."""


@dataclass(frozen=True)
class Panel:
    """One drawing."""

    title: str
    """Whose lines they are; empty where they are of both."""
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Chart:
    """What is to be drawn, and what is to be said to those who do not see it."""

    name: str
    frame: Frame
    panels: tuple[Panel, ...]
    legend: tuple[tuple[str, str], ...]
    """What each line is, and its style."""
    x_label: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    log: bool
    """Whether heights are logarithms: so where all values are positive and the largest is 1000 times the smallest."""
    summary: str
    """Beginning and end of all lines, and what could not be drawn, in sentences."""


@dataclass(frozen=True)
class _Points:
    """A line as it was recorded: as many places as values."""

    x: tuple[float | None, ...]
    y: tuple[float | None, ...]


def charts(curves: Sequence[Curve]) -> tuple[Chart, ...]:
    """Lay out the curves of a test. Any sequence will do: empty, constant, huge, or without a finite value."""
    figures: dict[str, list[Curve]] = {}
    for place, curve in enumerate(curves):
        figures.setdefault(f"figure {curve.figure}" if curve.figure else f"curve {place}", []).append(curve)
    return tuple(_figure(lines) if lines[0].figure else _alone(lines[0]) for lines in figures.values())


def _alone(curve: Curve) -> Chart:
    yours, reference = _both(curve)
    legend = [("yours", "yours"), ("reference", "reference")] if curve.reference else [("yours", "yours")]
    label = "step" if curve.x else "from the first step to the last"
    # The reference's thin line is drawn last: it is seen where the two are one.
    return _chart(curve.name, ALONE, legend, label, [("", [(yours, "yours"), (reference, "reference")])], [curve])


def _figure(curves: Sequence[Curve]) -> Chart:
    styles = [f"line{place % _LINES}" for place in range(len(curves))]
    both = [_both(curve) for curve in curves]
    legend = [(curve.name, style) for curve, style in zip(curves, styles, strict=True)]
    panels = [
        ("Yours", [(yours, style) for (yours, _), style in zip(both, styles, strict=True)]),
        ("The reference", [(reference, style) for (_, reference), style in zip(both, styles, strict=True)]),
    ]
    shown = panels if any(curve.reference for curve in curves) else panels[:1]
    return _chart(curves[0].figure, HALF, legend, "", shown, curves)


def _chart(
    name: str,
    frame: Frame,
    legend: Sequence[tuple[str, str]],
    x_label: str,
    panels: Sequence[tuple[str, Sequence[tuple[_Points, str]]]],
    curves: Sequence[Curve],
) -> Chart:
    lines = [points for _, drawn in panels for points, _ in drawn]
    xs = _finite(itertools.chain.from_iterable(points.x for points in lines))
    ys = _finite(itertools.chain.from_iterable(points.y for points in lines))
    log = bool(ys) and min(ys) > 0 and max(ys) / _SPREAD_FOR_LOG > min(ys)
    across = _Axis(*_range(xs), frame.left, frame.right, log=False)
    up = _Axis(*_range([math.log10(value) for value in ys] if log else ys), BOTTOM, TOP, log=log)
    known = any(curve.x for curve in curves)
    return Chart(
        name=name,
        frame=frame,
        panels=tuple(
            Panel(title, tuple(Line(_path(points, across, up), style) for points, style in drawn))
            for title, drawn in panels
        ),
        legend=tuple(legend),
        x_label=x_label,
        x_ticks=across.ticks(whole=all(x.is_integer() for x in xs)) if known and xs else (),
        y_ticks=up.ticks() if ys else (),
        log=log,
        summary=" ".join(sentence for curve in curves for sentence in _summary(curve)),
    )


def _both(curve: Curve) -> tuple[_Points, _Points]:
    """Return the student's line and the reference's; where no place is known, both go from side to side."""
    xs = curve.x if len(curve.x) == len(curve.student) else ()
    reference_xs = curve.reference_x or (xs if len(xs) == len(curve.reference) else ())
    return _Points(xs or _even(curve.student), curve.student), _Points(
        reference_xs if len(reference_xs) == len(curve.reference) else _even(curve.reference), curve.reference
    )


def _even(values: Sequence[object]) -> tuple[float, ...]:
    return tuple(place / max(len(values) - 1, 1) for place in range(len(values)))


def _finite(values: Iterable[float | None]) -> list[float]:
    return [_clamped(value) for value in values if value is not None and math.isfinite(value)]


def _clamped(value: float) -> float:
    return max(-_LARGEST, min(_LARGEST, value))


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Return the values at both ends of an axis; never equal."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if high - low > 1e-9 * max(abs(low), abs(high)) and high - low > 1e-290:
        return low, high
    margin = abs(high) / 2 or 1.0
    return low - margin, high + margin


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    start: float
    end: float
    log: bool

    def at(self, value: float) -> float:
        """Return where a finite value is drawn."""
        place = math.log10(_clamped(value)) if self.log else _clamped(value)
        return self._at(place)

    def _at(self, place: float) -> float:
        return self.start + (place - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, *, whole: bool = False) -> tuple[Tick, ...]:
        """Return a handful of round places in the range; `whole`: whole numbers only."""
        step = _round_step((self.high - self.low) / _TICKS)
        if self.log or whole:
            step = max(1.0, round(step))
        first = math.ceil(self.low / step)
        places = [place * step for place in range(first, first + 2 * _TICKS + 2)]
        # Enough digits to tell neighbours apart, where they differ in a late one.
        digits = 4 if self.log else max(4, math.ceil(math.log10(max(abs(self.low), abs(self.high)) / step)) + 1)
        return tuple(
            Tick(self._at(place), _label(10**place if self.log else place, digits))
            for place in places
            if self.low <= place <= self.high
        )


def _path(points: _Points, across: _Axis, up: _Axis) -> str:
    """Return path data with a gap at each point that is not finite."""
    drawn: list[tuple[float, float] | None] = []
    for x, y in zip(points.x, points.y, strict=True):
        if x is None or y is None or not math.isfinite(x) or not math.isfinite(y):
            drawn.append(None)
        else:
            drawn.append((across.at(x), up.at(y)))
    runs = [list(run) for there, run in itertools.groupby(drawn, key=lambda point: point is not None) if there]
    return "".join(_run([point for point in run if point]) for run in runs)


def _run(points: Sequence[tuple[float, float]]) -> str:
    (x, y), *rest = points
    # A line of no length with round caps is a dot: a lone value between two gaps is still seen.
    return f"M{x:.1f} {y:.1f}" + ("".join(f"L{x:.1f} {y:.1f}" for x, y in rest) or "h0")


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `least`."""
    power: float = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10, 20) if factor * power >= least)


def _label(value: float, digits: int = 4) -> str:
    return f"{value:.{digits}g}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")


def _summary(curve: Curve) -> Iterator[str]:
    about = f"{curve.name}: yours" if curve.figure else "Yours"
    yield _ends(about, curve.student)
    if curve.reference:
        yield _ends("The reference", curve.reference)
    finite = [value is not None and math.isfinite(value) for value in curve.student]
    lost = finite.count(False)
    if not lost or lost == len(finite):
        return
    place = finite.index(False)
    at = curve.x[place] if len(curve.x) == len(finite) else None
    if at is not None and not any(finite[place:]):
        yield f"From {_label(at)} on, yours is NaN or infinite, and is not drawn."
    else:
        yield f"{lost} of your {len(finite)} points are NaN or infinite, and leave gaps."


def _ends(whose: str, values: Sequence[float | None]) -> str:
    finite = _finite(values)
    if not finite:
        return f"{whose} has no finite value."
    return f"{whose} begins at {finite[0]:.3g} and ends at {finite[-1]:.3g}."
