"""Tensors of the simulated GPU, and how operators run on them; `simulated_gpu` says what for, and what differs."""

import copy
import gc
from collections import OrderedDict
from typing import Any, Dict, List, Tuple

import numpy
import torch

from . import simulated_cuda
from .simulated_cuda import CUDA
from .simulated_operators import Plan, check_devices, draw, place

META = torch.device("meta")

_Tensor = torch.Tensor  # type: Any
_TypedStorage = torch.storage.TypedStorage  # type: Any
_to_text = torch._tensor_str._str  # type: Any
_plans = {}  # type: Dict[Any, Plan]
torch_data = _Tensor.data
"""The attribute `data` as PyTorch defines it."""


class SimulatedTensor(_Tensor):  # type: ignore[misc]
    """A tensor on the simulated device; `_on_cpu` holds its values, as a plain CPU tensor without autograd.

    To C++ it is a tensor without values on the meta device, so that autograd, views and version counters are PyTorch's
    own. Each operator on it arrives in `__torch_dispatch__`, below autograd. What reads values otherwise is overridden.
    """

    _on_cpu: torch.Tensor

    __torch_function__ = torch._C._disabled_torch_function_impl

    device = property(lambda self: CUDA)
    is_cuda = property(lambda self: True)
    is_cpu = property(lambda self: False)
    is_meta = property(lambda self: False)

    @classmethod
    def __torch_dispatch__(cls, operator: Any, kinds: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run an operator on the CPU values of its arguments, unless it mixes devices."""
        plan = _plans.get(operator)
        if plan is None:
            plan = _plans[operator] = Plan(operator)
        foreign = []  # type: List[torch.Tensor]
        values = [a._on_cpu if type(a) is SimulatedTensor else _values(a, foreign) for a in args]
        named = {name: _values(a, foreign) for name, a in kwargs.items()} if kwargs else {}
        if foreign:
            check_devices(operator, args, kwargs or {})
        to_cpu = place(named)
        result = draw(plan, values, named) if plan.draws else plan.call(*values, **named)
        if plan.in_place and result is values[0] and result.shape == args[0].shape:
            return args[0]
        if plan.mutates:
            return _after_mutation(result, args, kwargs or {})
        return result if to_cpu else _wrap_all(result)

    def get_device(self) -> int:
        """Index of the device."""
        return 0

    def type(self, dtype: Any = None, non_blocking: bool = False, **kwargs: Any) -> Any:
        """Name of the tensor's type, or the tensor converted to a dtype."""
        if dtype is None:
            return "torch.cuda." + self._on_cpu.type().split(".")[-1]
        return super().type(dtype, non_blocking, **kwargs)

    def numpy(self, *, force: bool = False) -> Any:
        """Refuse, as CUDA does, unless forced."""
        if force:
            return self._on_cpu.numpy(force=True)
        raise TypeError(
            "can't convert {} device type tensor to numpy. "
            "Use Tensor.cpu() to copy the tensor to host memory first.".format(CUDA)
        )

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.numpy()

    def __dlpack_device__(self) -> Tuple[int, int]:
        return (2, 0)

    def __dlpack__(self, *args: Any, **kwargs: Any) -> Any:
        raise BufferError("The memory of a simulated CUDA tensor cannot be shared. Use Tensor.cpu() to copy it first.")

    def tolist(self) -> Any:
        """The values as nested lists."""
        return self._on_cpu.tolist()

    def new(self, *args: Any, **kwargs: Any) -> Any:
        """A tensor of the same dtype and device, from sizes or data (legacy)."""
        return wrap(self._on_cpu.new(*without_wrappers(args)))

    def new_tensor(self, data: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False) -> Any:
        """A tensor of the same dtype and device, from data."""
        dtype, device = self.dtype if dtype is None else dtype, CUDA if device is None else device
        return torch.tensor(data, dtype=dtype, device=device, requires_grad=requires_grad)

    def data_ptr(self) -> int:
        """Address of the values."""
        return self._on_cpu.data_ptr()

    def untyped_storage(self) -> Any:
        """The storage of the values, marked as one of this device."""
        storage = self._on_cpu.untyped_storage()
        setattr(storage, simulated_cuda.MARK, True)
        return storage

    def is_shared(self) -> bool:
        """Always so on CUDA."""
        return True

    def share_memory_(self) -> Any:
        """Nothing to do on CUDA."""
        return self

    def __getitem__(self, index: Any) -> Any:
        return super().__getitem__(_as_index(index))

    def __setitem__(self, index: Any, value: Any) -> None:
        super().__setitem__(_as_index(index), value)

    def __format__(self, specification: str) -> str:
        return format(self.item(), specification) if self.dim() == 0 else object.__format__(self, specification)

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        if getattr(self, "_is_param", False):
            return "Parameter containing:\n" + repr(self.detach().requires_grad_(self.requires_grad))
        return str(_to_text(self, tensor_contents=tensor_contents)).replace("Tensor(", "tensor(", 1)

    def __deepcopy__(self, memo: Dict[int, Any]) -> Any:
        if id(self) in memo:
            return memo[id(self)]
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) "
                "support the deepcopy protocol at the moment."
            )
        result = memo[id(self)] = wrap(copy.deepcopy(self._on_cpu, memo))
        state = {name: value for name, value in self.__dict__.items() if name != "_on_cpu"}
        result.__dict__.update(copy.deepcopy(state, memo))
        result.requires_grad_(self.requires_grad)
        if self.grad is not None:
            result.grad = copy.deepcopy(self.grad, memo)
        return result

    def __reduce_ex__(self, protocol: Any) -> Any:
        if getattr(self, "_is_param", False):
            return torch._utils._rebuild_parameter, (self.data, self.requires_grad, OrderedDict())
        storage = _TypedStorage(wrap_storage=self.untyped_storage(), dtype=self.dtype, _internal=True)
        shape = (self.storage_offset(), tuple(self.size()), self.stride())
        return torch._utils._rebuild_tensor_v2, (storage,) + shape + (self.requires_grad, OrderedDict())


SimulatedTensor.__name__ = SimulatedTensor.__qualname__ = "Tensor"
SimulatedTensor.__module__ = "torch"


def is_simulated(value: object) -> bool:
    """Is it a tensor on the simulated device?"""
    return type(value) is SimulatedTensor


def wrap(values: torch.Tensor) -> Any:
    """Return the simulated tensor with these values, whose memory it shares.

    Raises:
        NotImplementedError: the values are sparse.
    """
    if values.layout is not torch.strided:
        raise NotImplementedError(
            "The operator gave a tensor of layout {}. The simulated GPU of this grader has dense tensors only. "
            "Use a dense tensor, or do this step on the CPU.".format(values.layout)
        )
    shape = values.shape, values.stride(), values.storage_offset()
    tensor = _Tensor._make_wrapper_subclass(SimulatedTensor, *shape, None, values.dtype, torch.strided, META)
    tensor._on_cpu = values
    return tensor


def _wrap_all(result: Any) -> Any:
    if isinstance(result, torch.Tensor):
        return wrap(result)
    return type(result)([_wrap_all(part) for part in result]) if isinstance(result, (list, tuple)) else result


def _values(argument: Any, foreign: List[torch.Tensor]) -> Any:
    """Return an argument with CPU values for simulated tensors; add those that were on the CPU to `foreign`."""
    if type(argument) is SimulatedTensor:
        return argument._on_cpu
    if isinstance(argument, (list, tuple)):
        return [_values(part, foreign) for part in argument]
    if isinstance(argument, torch.Tensor):
        foreign.append(argument)
    return argument


def without_wrappers(data: Any) -> Any:
    """Return data for a constructor, with simulated tensors in sequences replaced by their values."""
    if isinstance(data, (list, tuple)) and data and isinstance(data[0], (list, tuple, torch.Tensor)):
        return [part._on_cpu if type(part) is SimulatedTensor else without_wrappers(part) for part in data]
    return data


def _as_index(index: Any) -> Any:
    """Return an index with lists and arrays as CPU tensors, since C++ would make tensors without values of them."""
    if isinstance(index, (list, range)) and any(not isinstance(part, (int, float)) for part in index):
        index = tuple(index)  # As PyTorch reads a list that holds more than numbers.
    if isinstance(index, tuple):
        return tuple([_as_index(part) for part in index])
    if isinstance(index, (list, range, numpy.ndarray)):
        array = numpy.asarray(index)
        return torch.from_numpy(array.astype(bool if array.dtype == bool else numpy.int64))
    return index


def _after_mutation(result: Any, args: Any, kwargs: Dict[str, Any]) -> Any:
    """Return the tensors that were written to, as the caller knows them, in the shape that they have now."""
    known = {}  # type: Dict[int, Any]
    for argument in list(args) + list(kwargs.values()):
        for tensor in argument if isinstance(argument, (list, tuple)) else (argument,):
            if type(tensor) is SimulatedTensor:
                values = tensor._on_cpu
                known[id(values)] = tensor
                if tensor.shape != values.shape or tensor.stride() != values.stride():
                    torch_data.__set__(tensor, wrap(values))
            elif isinstance(tensor, torch.Tensor):
                known[id(tensor)] = tensor
    if isinstance(result, (list, tuple)):
        return type(result)([known[id(part)] if id(part) in known else _wrap_all(part) for part in result])
    return known[id(result)] if id(result) in known else _wrap_all(result)


def allocated() -> int:
    """Bytes that the values of the simulated tensors take, each storage counted once."""
    storages = [tensor._on_cpu.untyped_storage() for tensor in gc.get_objects() if type(tensor) is SimulatedTensor]
    return sum({storage.data_ptr(): storage.nbytes() for storage in storages}.values())
