"""Every comparison, and every sentence about one: what tests call `compare`.

A failure reads: claim, where, how much, and how much was allowed. Shape and type come before values. What a student
reads says how many elements are wrong, where the worst is, and how far off it is in allowances; what was expected and
what came is in the detail, for staff.
"""

import functools
import itertools
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy
import torch

from autograder.judge.arguments import check_unchanged
from autograder.judge.calibration import allowance
from autograder.judge.diagnosis import cause_of_difference, cause_of_shape
from autograder.judge.student import Handle, Student
from autograder.judge.values import device_of
from autograder.judge.verdict import Mismatch, Raised, told

__all__ = ["TOLERANCES", "Compare", "to_tensor"]

TOLERANCES: Mapping[torch.dtype, tuple[float, float]] = {
    torch.float16: (1e-3, 1e-5),
    torch.bfloat16: (1.6e-2, 1e-5),
    torch.float32: (1.3e-6, 1e-5),
    torch.float64: (1e-7, 1e-7),
}
"""Relative and absolute tolerance by dtype: those of `torch.testing.assert_close`."""

_NUMBERS = (bool, int, float, complex, torch.Tensor, numpy.ndarray, numpy.generic)
_KINDS = {complex: torch.complex128, float: torch.float64, int: torch.int64, bool: torch.bool}
"""The dtype of a list that holds such numbers, and none of a kind before it."""
_KEYS, _NAME = 8, 60
"""How many keys of a dict, and how much of a name, a student is told."""
_MINE = "The value that came back"


class Compare:
    """The comparisons. Each raises `Mismatch`, or returns the value (as a tensor where it is numeric)."""

    def __init__(self) -> None:
        self.begin_test()

    def begin_test(self, watch: Callable[[torch.Tensor, torch.Tensor], None] | None = None) -> None:
        """Forget the test before; `watch` is given each pair of received and expected numbers of this one."""
        self.margin: float | None = None
        """The worst error so far, in allowances: above 1 where a comparison failed; None where nothing was measured."""
        self._watch = watch

    def close(
        self,
        actual: Any,
        expected: Any,
        rtol: float | None = None,
        atol: float | None = None,
        what: str = "",
    ) -> Any:
        """Claim the shape of `expected`, and |actual - expected| <= atol + rtol * |expected| in each element.

        Without `rtol` and `atol`, those of the dtype of `expected` apply, or of float32 where either is float32 or a
        Python float, which may have been computed in it; and where `expected` is a tensor as the reference returned it,
        ten times the error that the reference makes itself, if that is more. NaN equals NaN, an infinity itself. Dicts,
        lists and tuples that hold more than numbers are compared part by part.
        """
        what = _subject(what)
        if isinstance(expected, Mapping):
            self.keys(actual, expected.keys(), what)
            return {
                key: self.close(actual[key], part, rtol, atol, f"{what}[{key!r}]") for key, part in expected.items()
            }
        if isinstance(expected, (list, tuple)) and not _is_numeric(expected):
            return self._close_parts(actual, expected, rtol, atol, what)
        wanted = to_tensor(expected, "the expected value")
        got = self.shape(actual, wanted.shape, what)
        if self._watch is not None:
            self._watch(got, wanted)
        if got.dtype == wanted.dtype and torch.equal(got, wanted):
            self.margin = self.margin or 0.0
            return got
        allowed_relative, allowed_absolute = _tolerance(_precision(actual), _precision(expected), rtol, atol)
        got_exact, wanted_exact = _exact(got), _exact(wanted)
        finite = torch.isfinite(wanted_exact) & torch.isfinite(got_exact)
        same = (got_exact == wanted_exact) | (torch.isnan(got_exact) & torch.isnan(wanted_exact))
        allowed = allowed_absolute + allowed_relative * wanted_exact.abs()
        # Where either is infinite or NaN a difference says nothing: they agree when they are the same.
        distance = torch.where(finite, (got_exact - wanted_exact).abs(), torch.where(same, 0.0, math.inf))
        if not (got.is_floating_point() or got.is_complex() or wanted.is_floating_point() or wanted.is_complex()):
            # Large integers differ where their float64 neighbours do not.
            distance = (got.to(torch.int64) - wanted.to(torch.int64)).abs().to(torch.float64)
            same = distance == 0
        wrong = ~same & ~(finite & (distance <= allowed))
        if bool(wrong.any()) and rtol is None and atol is None and (rounding := allowance(expected)) is not None:
            allowed = torch.maximum(allowed, rounding)
            wrong &= ~(finite & (distance <= allowed))
        self.margin = max(self.margin or 0.0, _in_allowances(distance, allowed, same))
        if bool(wrong.any()):
            cause = cause_of_difference(got, wanted, allowed_relative, allowed_absolute)
            raise _numeric_mismatch(what, got, wanted, wrong, distance, allowed, cause)
        return got

    def equal(self, actual: Any, expected: Any, what: str = "") -> Any:
        """Claim exact equality: of integers, booleans, strings, or tensors and lists of them."""
        what = _subject(what)
        if isinstance(expected, (str, bytes)) or expected is None:
            if type(actual) is not type(expected) or actual != expected:
                raise Mismatch(f"{what} is not the right one.", f"expected {expected!r}, got {_short(actual)}")
            return actual
        if isinstance(expected, (list, tuple)) and not _is_numeric(expected):
            parts = self._parts(actual, expected, what)
            return [self.equal(a, e, f"{what}[{i}]") for i, (a, e) in enumerate(zip(parts, expected, strict=True))]
        return self.close(actual, expected, rtol=0.0, atol=0.0, what=what)

    def shape(self, actual: Any, shape: Sequence[int], what: str = "") -> torch.Tensor:
        """Claim a numeric value of this shape; return it as a tensor."""
        what = _subject(what)
        tensor = to_tensor(actual, what)
        if tuple(tensor.shape) != tuple(shape):
            cause = cause_of_shape(tensor.shape, shape)
            raise Mismatch(f"{what} has shape {tuple(tensor.shape)}; it must have shape {tuple(shape)}.", cause=cause)
        return tensor

    def keys(self, actual: Any, names: Collection[str], what: str = "") -> dict[str, Any]:
        """Claim a dict that has these keys; others are allowed."""
        what = _subject(what)
        if not isinstance(actual, dict):
            raise Mismatch(f"{_is(what, actual)}; it must be a dict with the keys {', '.join(map(repr, names))}.")
        missing = [name for name in names if name not in actual]
        if missing:
            raise Mismatch(f"{what} has no key {missing[0]!r}; it has: {_names(actual)}.")
        return actual

    def finite(self, actual: Any, what: str = "") -> torch.Tensor:
        """Claim a numeric value without NaN or infinity."""
        tensor = to_tensor(actual, _subject(what))
        bad = ~torch.isfinite(_exact(tensor))
        if bool(bad.any()):
            raise Mismatch(f"{_subject(what)} is NaN or infinite{_where(bad)}.", f"got {_short(actual)}")
        return tensor

    def between(self, actual: Any, low: float, high: float, what: str = "") -> torch.Tensor:
        """Claim that every element is a real number in [low, high]."""
        tensor = to_tensor(actual, _subject(what))
        if tensor.is_complex():
            raise Mismatch(f"{_subject(what)} is complex; it must be real.")
        exact = _exact(tensor)
        bad = ~((exact >= low) & (exact <= high))
        if bool(bad.any()):
            raise Mismatch(
                f"{_subject(what)} is out of its range{_where(bad)}.",
                f"allowed [{low:g}, {high:g}], got {_short(actual)}",
            )
        return tensor

    def list_of(self, actual: Any, type: type, length: int | None = None, what: str = "") -> list[Any]:
        """Claim a Python list of `float`, `int`, `bool` or `str`, where the type is part of the task."""
        what = _subject(what)
        if not isinstance(actual, list):
            raise Mismatch(f"{_is(what, actual)}; it must be a list of {type.__name__}.")
        for position, item in enumerate(actual):
            if item.__class__ is not type:
                raise Mismatch(f"{what}[{position}] is {_kind(item)}; it must be {_article(type.__name__)}.")
        if length is not None and len(actual) != length:
            raise Mismatch(f"{what} has {len(actual)} elements; it must have {length}.")
        return actual

    def numpy_array(self, actual: Any, kind: str, shape: Sequence[int] | None = None, what: str = "") -> Any:
        """Claim a NumPy array of `"integer"`, `"float"` or `"bool"`, where the type is part of the task."""
        what = _subject(what)
        if not isinstance(actual, numpy.ndarray):
            raise Mismatch(f"{_is(what, actual)}; it must be a NumPy array.")
        if actual.dtype.kind not in {"integer": "iu", "float": "f", "bool": "b"}[kind]:
            raise Mismatch(f"{what} has dtype {actual.dtype}; it must be of kind {kind}.")
        if shape is not None:
            self.shape(actual, shape, what)
        return actual

    def dtype(self, actual: Any, dtype: torch.dtype, what: str = "") -> torch.Tensor:
        """Claim a dtype, where it is part of the task."""
        what = _subject(what)
        tensor = to_tensor(actual, what)
        if tensor.dtype != dtype:
            raise Mismatch(f"{what} has dtype {_plain(tensor.dtype)}; it must be {_plain(dtype)}.")
        return tensor

    def device(self, actual: Any, device: str, what: str = "") -> torch.Tensor:
        """Claim that a tensor was on this device when it was returned."""
        what = _subject(what)
        if not isinstance(actual, torch.Tensor):
            raise Mismatch(f"{_is(what, actual)}; it must be a tensor.")
        if device_of(actual).partition(":")[0] != device.partition(":")[0]:
            raise Mismatch(f"{what} is on {device_of(actual)}; it must be on {device}.")
        return actual

    def raises(self, name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Claim that a call of the student's raises an exception whose type has this name."""
        try:
            function(*args, **kwargs)
        except Raised as error:
            if error.type_name == name:
                return
            raised = told(error.type_name, _NAME)
            raise Mismatch(f"{function!r} raised {raised}; it must raise {name} here.", str(error)) from None
        raise Mismatch(f"{function!r} returned a value; it must raise {name} here.")

    def unchanged(self, student: Student, function: str | Handle, *args: Any) -> None:
        """Call a function of the student's once more, and claim that it leaves these arguments as they were.

        Of a tensor, also one in a list or a dict, that is its values, its shape, `requires_grad` and `.grad`.
        """
        check_unchanged(student, function, args)

    def that(self, condition: Any, sentence: str) -> None:
        """Claim anything else. The sentence says what is wrong, without a hidden value."""
        if not bool(condition):
            raise Mismatch(sentence)

    def _close_parts(
        self, actual: Any, expected: Sequence[Any], rtol: float | None, atol: float | None, what: str
    ) -> list[Any]:
        parts = self._parts(actual, expected, what)
        return [
            self.close(got, wanted, rtol, atol, f"{what}[{position}]")
            for position, (got, wanted) in enumerate(zip(parts, expected, strict=True))
        ]

    def _parts(self, actual: Any, expected: Sequence[Any], what: str) -> Sequence[Any]:
        if not isinstance(actual, (list, tuple)):
            raise Mismatch(f"{_is(what, actual)}; it must be a list or tuple of {len(expected)}.")
        if len(actual) != len(expected):
            raise Mismatch(f"{what} has {len(actual)} parts; it must have {len(expected)}.")
        return actual


def _subject(what: str) -> str:
    """Return what a sentence is about, as it begins one; names of variables stay as they are."""
    if not what:
        return _MINE
    return what[0].upper() + what[1:] if what.split()[0].isalpha() else what


def to_tensor(value: Any, what: str = _MINE) -> torch.Tensor:
    """Return a number, a tensor, an array or a nested list of them as a tensor.

    Raises:
        Mismatch: it is something else, or a list whose parts have different shapes.
    """
    if isinstance(value, torch.Tensor):
        return value.detach()
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return torch.as_tensor(numpy.asarray(value))
    if isinstance(value, (bool, int, float, complex)):
        return torch.tensor(value, dtype=torch.float64 if isinstance(value, float) else None)
    if isinstance(value, (list, tuple)):
        kinds = set(map(type, value)) or {float}
        # All at once: one by one, a hundred thousand numbers of mixed kinds take seconds.
        for kind, dtype in _KINDS.items():
            if kind in kinds and kinds <= _KINDS.keys():
                return torch.tensor(value, dtype=dtype)
        parts = [_promotable(to_tensor(item, f"{what}[{position}]")) for position, item in enumerate(value)]
        if any(part.shape != parts[0].shape for part in parts):
            raise Mismatch(f"{what} is a list whose parts have different shapes; it must be one array of numbers.")
        common = functools.reduce(torch.promote_types, (part.dtype for part in parts))
        return torch.stack([part.to(common) for part in parts])
    raise Mismatch(f"{_is(what, value)}; it must be a number, a tensor or an array.")


def _promotable(tensor: torch.Tensor) -> torch.Tensor:
    """Return a tensor in a dtype that PyTorch can find a common one for: it cannot for its newer unsigned ones."""
    wider = {torch.uint16: torch.int64, torch.uint32: torch.int64, torch.uint64: torch.float64}
    return tensor.to(wider.get(tensor.dtype, tensor.dtype))


def _is_numeric(value: Any) -> bool:
    """Is it one array: a number, or a list of numbers or of such lists? A list of tensors is several values."""
    if isinstance(value, (list, tuple)):
        return all(_is_numeric(item) and not isinstance(item, (torch.Tensor, numpy.ndarray)) for item in value)
    return isinstance(value, _NUMBERS)


def _exact(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.to(torch.complex128 if tensor.is_complex() else torch.float64)


def _precision(value: Any) -> torch.dtype:
    """The dtype that a value can be taken to have been computed in."""
    if isinstance(value, torch.Tensor):
        return value.dtype
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return to_tensor(value).dtype
    if isinstance(value, (list, tuple)) and any(isinstance(item, torch.Tensor) for item in value):
        return to_tensor(value).dtype
    return torch.float32


def _tolerance(got: torch.dtype, wanted: torch.dtype, rtol: float | None, atol: float | None) -> tuple[float, float]:
    """The dtype of the expected value decides; float32 is fine where float64 is expected, half precision is not."""
    dtype = wanted if wanted in TOLERANCES else torch.float64
    if dtype == torch.float64 and got == torch.float32:
        dtype = torch.float32
    relative, absolute = TOLERANCES[dtype]
    return (relative if rtol is None else rtol, absolute if atol is None else atol)


def _in_allowances(distance: torch.Tensor, allowed: torch.Tensor, same: torch.Tensor) -> float:
    """Return the worst error over what is allowed for it; infinite where none is, and where one value is NaN."""
    if not distance.numel():
        return 0.0
    return float(torch.where(same, 0.0, distance / allowed).nan_to_num(math.inf, math.inf).max())


def _numeric_mismatch(
    what: str,
    got: torch.Tensor,
    wanted: torch.Tensor,
    wrong: torch.Tensor,
    distance: torch.Tensor,
    allowed: torch.Tensor,
    cause: str,
) -> Mismatch:
    worst = int(torch.where(wrong, distance / allowed.clamp_min(1e-300), -1.0).argmax())
    index = tuple(int(i) for i in numpy.unravel_index(worst, wrong.shape)) if wrong.dim() else ()
    mine, theirs = got.reshape(-1)[worst].item(), wanted.reshape(-1)[worst].item()
    gap, limit = float(distance.reshape(-1)[worst]), float(allowed.reshape(-1)[worst])
    at = f" at {list(index)}" if index else ""
    detail = f"{at.strip()} expected {theirs!r}, got {mine!r}; difference {gap:.3g}, allowed {limit:.3g}".strip()
    there = " there" if index else ""
    if _is_nan(mine):
        far = f"it is NaN{there}"
    elif math.isinf(gap) and torch.isfinite(wanted.reshape(-1)[worst]):
        far = f"it is infinite{there}"
    elif math.isinf(gap):
        far = f"it is not the right infinity or NaN{there}"
    elif limit == 0:
        far = f"off by {_rough(gap)}"
    else:
        far = f"off by {_rough(gap)}, which is {_rough(gap / limit)} times what rounding explains"
    dtype = f" It was computed in {_plain(got.dtype)}." if got.dtype in (torch.float16, torch.bfloat16) else ""
    if not index:
        return Mismatch(f"{what} is wrong: {far}.{dtype}", detail, cause)
    share = f"{int(wrong.sum())} of {wrong.numel()} elements"
    return Mismatch(f"{what} is wrong in {share}. The worst is{at}: {far}.{dtype}", detail, cause)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float | complex) and value != value


def _rough(value: float) -> str:
    """A number to one digit: enough to see the size of an error, too little to compute the answer from."""
    return f"{float(f'{value:.0e}'):g}"


def _where(bad: torch.Tensor) -> str:
    if not bad.dim():
        return ""
    first = [int(i) for i in bad.nonzero()[0]]
    return f" in {int(bad.sum())} of {bad.numel()} elements, first at {first}"


def _plain(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:300]}…"


def _is(what: str, value: Any) -> str:
    """Say what kind of value something is; a whole None comes of a missing return, and one in a list does not."""
    return f"{what} is {_kind(value)}" + (" (is a return missing?)" if value is None and what[-1] != "]" else "")


def _kind(value: Any) -> str:
    """A value's type, as a noun with its article."""
    if value is None:
        return "None"
    if isinstance(value, Handle):
        return repr(value)
    if isinstance(value, torch.Tensor):
        return "a tensor"
    if isinstance(value, numpy.ndarray):
        return "a NumPy array"
    return _article(type(value).__name__)


def _names(keys: Mapping[str, Any]) -> str:
    """The first few keys of what a worker sent."""
    first = [repr(told(key, _NAME)) for key in itertools.islice(keys, _KEYS)]
    return ", ".join(first) + (f" and {len(keys) - _KEYS} more" if len(keys) > _KEYS else "") or "none"


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
