"""How far rounding alone can take a value: what the reference makes of the same inputs in float64.

Tolerances follow from the arithmetic. Another order of summation, a fused or a chunked computation makes an error of
about the size that the reference makes itself, which is its distance from the same computation in float64; and any
stable algorithm one of the size that rounding the inputs makes, which is condition times unit roundoff (N. Higham,
Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, section 1.6). Both are computed when the tolerance of the
dtype does not suffice, and else cost nothing.
"""

import contextlib
import functools
from collections.abc import Callable
from typing import Any

import numpy
import torch

__all__ = ["allowance", "mapped", "remember", "snapshot"]

_TIMES = 10.0
"""So many times that error is allowed: two computations differ by the errors of both."""
_MOST = 1e-3
"""Of the size of the values; beyond that the error is not rounding: random numbers, say, that differ by dtype."""


def snapshot(value: Any) -> Any:
    """Return plain data that shares nothing with `value`; tensors that require grad do so still."""
    return mapped(value, lambda tensor: tensor.detach().clone().requires_grad_(tensor.requires_grad))


def remember(result: Any, compute: Callable[[Callable[[Any], Any]], Any]) -> None:
    """Have each tensor of floating-point numbers in a result know how it can be computed in float64.

    Args:
        result: what the reference gave.
        compute: calls the reference again, with each argument put through a function.
    """
    again: dict[torch.dtype, _Again] = {}
    for path, tensor in _tensors(result):
        one = again.setdefault(tensor.dtype, _Again(compute, tensor.dtype))
        tensor.in_float64 = functools.partial(one.part, path)  # type: ignore[attr-defined]


def allowance(expected: Any) -> torch.Tensor | None:
    """Return how far each element may be off for rounding, in float64; None where that is not known.

    Known it is for a tensor as the reference returned it, in float32 or less. The error of an element may be small by
    chance, so that it is at least taken for the root mean square of all.
    """
    compute = getattr(expected, "in_float64", None)
    exact, shaken = compute() if compute is not None else (None, None)
    if exact is None or shaken is None or exact.shape != expected.shape or shaken.shape != expected.shape:
        return None
    error = torch.maximum((expected.detach().to(torch.float64) - exact).abs(), (shaken - exact).abs())
    typical = error.square().mean().sqrt()
    size = exact.square().mean().sqrt()
    if not bool(torch.isfinite(error).all()) or float(typical) > _MOST * float(size):
        return None
    return _TIMES * torch.maximum(error, typical)


class _Again:
    """The same call in float64, on its inputs as they are and as rounding may have left them, when it is asked for."""

    def __init__(self, compute: Callable[[Callable[[Any], Any]], Any], dtype: torch.dtype) -> None:
        self._compute = compute
        self._roundoff = torch.finfo(dtype).eps / 2

    @functools.cached_property
    def _exact(self) -> Any:
        return self._in_float64(lambda tensor: tensor.double())

    @functools.cached_property
    def _shaken(self) -> Any:
        generator = torch.Generator().manual_seed(0)

        def shake(tensor: torch.Tensor) -> torch.Tensor:
            signs = torch.randint(0, 2, tensor.shape, generator=generator) * 2 - 1
            return tensor.double() * (1 + self._roundoff * signs)

        return self._in_float64(shake)

    def part(self, path: tuple[Any, ...]) -> tuple[torch.Tensor | None, torch.Tensor | None]:
        """Return a part of the result in float64, for the inputs and for inputs each of which is one rounding off; None
        where it cannot be computed so.
        """
        return _part(self._exact, path), _part(self._shaken, path)

    def _in_float64(self, convert: Callable[[torch.Tensor], torch.Tensor]) -> Any:
        def converted(tensor: torch.Tensor) -> torch.Tensor:
            copy = tensor.detach().clone()
            copy = convert(copy) if copy.is_floating_point() else copy
            return copy.requires_grad_(tensor.requires_grad)

        dtype = torch.get_default_dtype()
        torch.set_default_dtype(torch.float64)
        # Whatever the reference does in float64 that it does not in float32, the tolerance of the dtype is left.
        try:
            with torch.random.fork_rng(devices=[]), contextlib.suppress(Exception):
                return self._compute(lambda value: mapped(value, converted))
        finally:
            torch.set_default_dtype(dtype)
        return None


def _part(result: Any, path: tuple[Any, ...]) -> torch.Tensor | None:
    with contextlib.suppress(LookupError, TypeError):
        for key in path:
            result = result[key]
        if isinstance(result, torch.Tensor):
            return result.detach().to(torch.float64)
    return None


def mapped(value: Any, function: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    """Return plain data that shares no container and no array with `value`, with each tensor put through a function."""
    if isinstance(value, torch.Tensor):
        return function(value)
    if isinstance(value, numpy.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {key: mapped(item, function) for key, item in value.items()}
    if isinstance(value, list):
        return [mapped(item, function) for item in value]
    if isinstance(value, tuple):
        parts = [mapped(item, function) for item in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


def _tensors(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], torch.Tensor]]:
    """Return the tensors of floating-point numbers below float64 in plain data, each with the way to it."""
    if isinstance(value, torch.Tensor):
        return [(path, value)] if value.is_floating_point() and value.dtype != torch.float64 else []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, (list, tuple)):
        items = list(enumerate(value))
    else:
        return []
    return [found for key, item in items for found in _tensors(item, (*path, key))]
