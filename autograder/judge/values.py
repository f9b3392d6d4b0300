"""Plain values on the wire, and the tensors and arrays that tests work with."""

from collections.abc import Callable
from typing import Any

import numpy
import torch

from autograder.worker import wire

__all__ = ["device_of", "pack", "unpack"]

_DTYPES = {name: getattr(torch, name) for name in wire.ITEM_SIZES}
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


def pack(value: Any) -> Any:
    """Turn what a test sends into plain values, tensors and arrays into `wire.Array`.

    Raises:
        TypeError: it holds something that cannot be sent: a mistake in the hidden suite.
    """
    if isinstance(value, torch.Tensor):
        plain = value.detach().cpu()
        # NumPy has no bfloat16; of the bits as integers it makes the same bytes.
        bits = plain.view(torch.int16) if plain.dtype == torch.bfloat16 else plain
        return wire.Array(
            _NAMES[plain.dtype], tuple(plain.shape), bits.numpy().tobytes(), requires_grad=value.requires_grad
        )
    if isinstance(value, (numpy.ndarray, numpy.generic)) and not isinstance(value, (float, complex)):
        array = numpy.asarray(value)
        if array.dtype.name not in wire.ITEM_SIZES:
            raise TypeError(f"an array of dtype {array.dtype} cannot be sent to a submission")
        return wire.Array(array.dtype.name, array.shape, array.tobytes(), kind="array")
    if isinstance(value, (list, tuple)) and not isinstance(value, (wire.Array, wire.Handle)):
        items = [pack(item) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, dict):
        return {key: pack(item) for key, item in value.items()}
    if hasattr(value, "__wire__"):
        return value.__wire__()
    if isinstance(value, torch.Size | torch.dtype | torch.device):
        return str(value)
    if isinstance(value, bool | int | float | str | bytes | wire.Handle | None):
        return value
    raise TypeError(f"a {type(value).__name__} cannot be sent to a submission; send plain values, tensors or handles")


def unpack(value: Any, handle: Callable[[wire.Handle], Any] = lambda number: number) -> Any:
    """Turn plain values from a worker into CPU tensors, NumPy arrays and containers of them; handles through `handle`.

    A tensor remembers the device it was on, as `device_of` tells: a claim of the worker.
    """
    if isinstance(value, wire.Array):
        return _tensor(value) if value.kind == "tensor" else _array(value)
    if isinstance(value, wire.Handle):
        return handle(value)
    if isinstance(value, list):
        return [unpack(item, handle) for item in value]
    if isinstance(value, tuple):
        return tuple(unpack(item, handle) for item in value)
    if isinstance(value, dict):
        return {key: unpack(item, handle) for key, item in value.items()}
    return value


def device_of(value: torch.Tensor) -> str:
    """Return the device that a tensor was on in the worker."""
    return str(getattr(value, "was_on", value.device))


def _tensor(array: wire.Array) -> torch.Tensor:
    if array.dtype == "bool":
        tensor = torch.from_numpy(_array(array))
    elif array.data:
        tensor = torch.frombuffer(bytearray(array.data), dtype=_DTYPES[array.dtype])
    else:
        tensor = torch.empty(0, dtype=_DTYPES[array.dtype])
    tensor = tensor.reshape(array.shape)
    tensor.was_on = array.device  # type: ignore[attr-defined]
    return tensor


def _array(array: wire.Array) -> Any:
    if array.dtype == "bfloat16":
        return _tensor(array._replace(kind="tensor")).to(torch.float32).numpy()
    if array.dtype == "bool":
        # A byte that is neither 0 nor 1 would compare in ways of its own.
        return (numpy.frombuffer(array.data, dtype=numpy.uint8) != 0).reshape(array.shape)
    return numpy.frombuffer(array.data, dtype=array.dtype).reshape(array.shape).copy()
