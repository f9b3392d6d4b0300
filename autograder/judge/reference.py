"""The reference as hidden tests call it: its module, with the results of its functions remembered.

A result also knows how it is computed in float64, which `calibration.py` measures rounding by.

Every student on the same attempt is given the same inputs, so the reference would compute the same values for each of
them. A result is kept when arguments and result can be copied, and each caller gets a copy of its own.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

from autograder.judge.calibration import mapped, remember, snapshot
from autograder.judge.values import pack
from autograder.worker import wire

__all__ = ["Reference"]

_KEPT = 512
_BYTES_CAP = 4 * 2**20


class Reference:
    """A reference module whose functions compute each result once."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._results: OrderedDict[bytes, Any] = OrderedDict()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._module, name)
        return self._remembering(name, value) if isinstance(value, FunctionType) else value

    def _remembering(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            key = _key(name, args, kwargs)
            if not key:
                return function(*args, **kwargs)
            given = snapshot((args, kwargs))  # the function, or the test, may change its arguments
            if key in self._results:
                self._results.move_to_end(key)
                result = _copied(self._results[key])
            else:
                result = function(*args, **kwargs)
                self._keep(key, result)

            def again(convert: Callable[[Any], Any]) -> Any:
                positional, named = convert(given)
                return function(*positional, **named)

            remember(result, again)
            return result

        return call

    def _keep(self, key: bytes, result: Any) -> None:
        try:
            wire.encode(pack(result), _BYTES_CAP)
        except (TypeError, KeyError, wire.WireError):
            return  # A module, an unusual dtype, something large: computed each time.
        self._results[key] = _copied(result)
        if len(self._results) > _KEPT:
            self._results.popitem(last=False)


def _copied(value: Any) -> Any:
    """Return plain data that shares nothing with `value`, and no graph of autograd's."""
    return mapped(value, lambda tensor: tensor.detach().clone())


def _key(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """Return a digest of a call, or nothing when its arguments are not plain values."""
    try:
        return hashlib.sha256(wire.encode([name, pack(args), pack(kwargs)], _BYTES_CAP)).digest()
    except (TypeError, KeyError, wire.WireError):
        return b""
