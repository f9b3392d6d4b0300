"""What the worker knows of TensorFlow, and of Keras on it: tensors to bytes and back, gradients, and the global state
a test must not inherit.
"""

from typing import Any, List

import keras
import tensorflow

from . import values, wire

_TENSORS = (tensorflow.Tensor, tensorflow.Variable, tensorflow.IndexedSlices, tensorflow.SparseTensor, keras.Variable)
_seed_all = keras.utils.set_random_seed
place = values.stay


def build(array: wire.Array) -> Any:
    """Return the tensor that the judge sent."""
    return tensorflow.constant(values.numpy_array(array))


def owns(value: Any) -> bool:
    """Is it a tensor or a variable?"""
    return isinstance(value, _TENSORS)


def flatten(value: Any, cap: int) -> wire.Array:
    """Return a tensor or a variable as a `wire.Array`.

    Raises:
        wire.WireError: it belongs to a graph and has no value, has a dtype that cannot cross, or takes more than `cap`
            bytes.
    """
    if isinstance(value, tensorflow.Tensor) and not hasattr(value, "numpy"):
        raise wire.WireError("a tensor of a graph, which has no value; return it from the tensorflow.function")
    return values.plain_array(keras.ops.convert_to_numpy(value), cap)


def gradients(function: Any, inputs: List[Any], wrt: Any, weights: Any) -> List[Any]:
    """Return gradients of `sum(function(*inputs) * weights)`; `wrt` is "inputs" or a list of positions.

    A tensor that the result does not depend on has gradient zero.
    """
    sources = {i: tensorflow.constant(inputs[i]) for i in values.positions(inputs, wrt)}
    with tensorflow.GradientTape() as tape:
        tape.watch(list(sources.values()))
        out = function(*[sources.get(i, x) for i, x in enumerate(inputs)])
        total = tensorflow.reduce_sum(out if weights is None else out * weights)
    found = tape.gradient(total, list(sources.values()), unconnected_gradients="zero")
    return list(found)


def warm_up() -> None:
    """Do nothing: TensorFlow sets itself up at the first operation, in less time than a call has."""


class GlobalState:
    """The global switches of TensorFlow and Keras, as they were when this was made."""

    def __init__(self) -> None:
        self._floatx, self._policy = keras.config.floatx(), keras.config.dtype_policy()
        self._eager = tensorflow.config.functions_run_eagerly()

    def restore(self, seed: int) -> None:
        """Set them back, and seed the generators."""
        keras.config.set_floatx(self._floatx)
        keras.config.set_dtype_policy(self._policy)
        if tensorflow.config.functions_run_eagerly() != self._eager:
            tensorflow.config.run_functions_eagerly(self._eager)
        _seed_all(seed % 2**32)
