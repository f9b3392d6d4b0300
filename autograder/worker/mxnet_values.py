"""What the worker knows of MXNet: arrays to bytes and back, gradients, and the global state a test must not inherit."""

from typing import Any, List

import mxnet
import mxnet.gluon

from . import values, wire

_seed_all = mxnet.random.seed
place = values.stay


def build(array: wire.Array) -> Any:
    """Return the array that the judge sent."""
    return _array(values.numpy_array(array))


def owns(value: Any) -> bool:
    """Is it an array or a parameter of MXNet's?"""
    return isinstance(value, (mxnet.nd.NDArray, mxnet.gluon.Parameter))


def flatten(value: Any, cap: int) -> wire.Array:
    """Return an array or a parameter as a `wire.Array`.

    Raises:
        wire.WireError: it has a dtype that cannot cross, or takes more than `cap` bytes.
    """
    # What was computed is waited for here, so that an error in it belongs to this call.
    array = value.data() if isinstance(value, mxnet.gluon.Parameter) else value
    return values.plain_array(array.asnumpy(), cap)


def gradients(function: Any, inputs: List[Any], wrt: Any, weights: Any) -> List[Any]:
    """Return gradients of `sum(function(*inputs) * weights)`; `wrt` is "inputs" or a list of positions."""
    sources = {i: _array(inputs[i]).copy() for i in values.positions(inputs, wrt)}
    for source in sources.values():
        source.attach_grad()
    with mxnet.autograd.record():
        out = function(*[sources.get(i, x) for i, x in enumerate(inputs)])
        total = (out if weights is None else out * _array(weights)).sum()
    total.backward()
    return [source.grad for source in sources.values()]


def _array(value: Any) -> Any:
    """Return an array of MXNet's, or one of NumPy's as such."""
    return value if owns(value) else mxnet.nd.array(value, dtype=value.dtype)


def warm_up() -> None:
    """Do nothing: MXNet is ready when it is imported."""


class GlobalState:
    """The global switches of MXNet, as they were when this was made."""

    def __init__(self) -> None:
        self._arrays, self._shapes = mxnet.util.is_np_array(), mxnet.util.is_np_shape()

    def restore(self, seed: int) -> None:
        """Set them back, and seed the generators."""
        mxnet.autograd.set_recording(False)
        mxnet.autograd.set_training(False)
        if (mxnet.util.is_np_array(), mxnet.util.is_np_shape()) != (self._arrays, self._shapes):
            mxnet.util.set_np(shape=self._shapes, array=self._arrays)
        _seed_all(seed % 2**31)
