"""What the worker knows of JAX: arrays to bytes and back, gradients, and the global state a test must not inherit."""

from typing import Any, List

import jax
import jax.numpy
import numpy

from . import values, wire

_SWITCHES = ("jax_enable_x64", "jax_disable_jit", "jax_debug_nans", "jax_debug_infs", "jax_default_matmul_precision")
place = values.stay


def build(array: wire.Array) -> Any:
    """Return the array that the judge sent."""
    return jax.numpy.asarray(values.numpy_array(array))


def owns(value: Any) -> bool:
    """Is it an array of JAX's?"""
    return isinstance(value, jax.Array)


def flatten(value: Any, cap: int) -> wire.Array:
    """Return an array of JAX's as a `wire.Array`.

    Raises:
        wire.WireError: it has a dtype that cannot cross, or takes more than `cap` bytes.
    """
    return values.plain_array(numpy.asarray(value), cap)


def gradients(function: Any, inputs: List[Any], wrt: Any, weights: Any) -> List[Any]:
    """Return gradients of `sum(function(*inputs) * weights)`; `wrt` is "inputs" or a list of positions."""
    chosen = values.positions(inputs, wrt)

    def total(*sources: Any) -> Any:
        replaced = dict(zip(chosen, sources))
        out = function(*[replaced.get(i, x) for i, x in enumerate(inputs)])
        return (out if weights is None else out * weights).sum()

    found = jax.grad(total, argnums=tuple(range(len(chosen))))(*[inputs[i] for i in chosen])
    return list(found)


def warm_up() -> None:
    """Do nothing: what is compiled here would not be what a submission compiles."""


class GlobalState:
    """The global switches of JAX, as they were when this was made. Its random numbers have keys and no seed."""

    def __init__(self) -> None:
        self._values = [(name, getattr(jax.config, name)) for name in _SWITCHES]

    def restore(self, seed: int) -> None:
        """Set them back."""
        for name, value in self._values:
            if getattr(jax.config, name) != value:
                jax.config.update(name, value)
