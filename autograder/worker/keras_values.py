"""What the worker knows of Keras on JAX: what it adds to JAX's arrays and global state."""

from typing import Any

import keras

from . import jax_values, values, wire

build, place, gradients, warm_up = jax_values.build, jax_values.place, jax_values.gradients, jax_values.warm_up

_seed_all = keras.utils.set_random_seed


def owns(value: Any) -> bool:
    """Is it an array of JAX's, or a variable of Keras's?"""
    return isinstance(value, keras.Variable) or jax_values.owns(value)


def flatten(value: Any, cap: int) -> wire.Array:
    """Return an array or a variable as a `wire.Array`; raises as `jax_values.flatten` does."""
    return values.plain_array(keras.ops.convert_to_numpy(value), cap)


class GlobalState(jax_values.GlobalState):
    """The global switches of JAX and Keras, as they were when this was made."""

    def __init__(self) -> None:
        super().__init__()
        self._floatx, self._policy = keras.config.floatx(), keras.config.dtype_policy()

    def restore(self, seed: int) -> None:
        """Set them back, and seed the generators."""
        super().restore(seed)
        keras.config.set_floatx(self._floatx)
        keras.config.set_dtype_policy(self._policy)
        _seed_all(seed % 2**32)
