"""What the worker knows of CNTK: values to bytes and back, and the global state a test must not inherit."""

import sys
import types
from typing import Any, List

import numpy

from . import values, wire

# At its import CNTK asks a dozen shells which libraries there are, and warns of those for GPUs and images; and it
# imports pip, for a function that downloads samples.
_checks: Any = types.ModuleType("cntk.cntk_py_init")
_checks.cntk_check_distro_info = _checks.cntk_check_libs = lambda: None
_samples: Any = types.ModuleType("cntk.sample_installer")
_samples.install_samples = None
sys.modules.update({module.__name__: module for module in (_checks, _samples)})

import cntk  # noqa: E402 (its checks are replaced first)

_seed_all = cntk.cntk_py.set_fixed_random_seed
place = values.stay


def build(array: wire.Array) -> Any:
    """Return what the judge sent as a NumPy array, which is what CNTK's functions take."""
    return values.numpy_array(array)


def owns(value: Any) -> bool:
    """Is it a view of data, a value, a parameter or a constant?"""
    return isinstance(value, (cntk.core.NDArrayView, cntk.core.Value, cntk.Parameter, cntk.Constant))


def flatten(value: Any, cap: int) -> wire.Array:
    """Return a value as a `wire.Array`.

    Raises:
        wire.WireError: it has a dtype that cannot cross, or takes more than `cap` bytes.
    """
    array = value.value if isinstance(value, (cntk.Parameter, cntk.Constant)) else value.asarray()
    return values.plain_array(numpy.asarray(array), cap)


def gradients(function: Any, inputs: List[Any], wrt: Any, weights: Any) -> Any:
    """Raise, for in CNTK a gradient is one of a graph, and not of a function."""
    raise TypeError("gradients of a function cannot be taken in CNTK; have the submission take them of its graph")


def warm_up() -> None:
    """Do nothing: CNTK says on which device it computes when it first does, and that is for the submission to see."""


class GlobalState:
    """The global state of CNTK: its seed."""

    def restore(self, seed: int) -> None:
        """Seed the generators."""
        _seed_all(seed % 2**31)
