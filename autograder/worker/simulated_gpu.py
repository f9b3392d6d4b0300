"""A pretended GPU for machines without one: PyTorch behaves as if there were one CUDA device, `cuda:0`.

`install()` is called in a worker that was forked on such a machine, before it imports the student's code. From then on
tensors can be on `cuda:0`. Their values live on the CPU and are computed by the CPU's kernels, and an operator that
mixes them with CPU tensors fails as it fails on a GPU. `simulated_tensor` has the tensors, `simulated_operators` the
rules by which operators run on them, `simulated_cuda` what `torch.cuda` answers; here is what is replaced in PyTorch.

Nobody has compared this with a GPU. What it takes CUDA to do was read in sources of PyTorch, in the error texts of its
library and in public bug reports. It was run on the CPU build of PyTorch 2.13 only; the CUDA build on a machine without
a GPU was not tried.

docs/operations.md lists what differs from a GPU, as far as is known.
"""

from typing import Any, Callable

import torch
import torch.utils._device

from . import simulated_cuda
from .simulated_cuda import CUDA, DEVICE_NAME, MARK
from .simulated_operators import Plan, draw, place
from .simulated_tensor import META, SimulatedTensor, allocated, is_simulated, torch_data, without_wrappers, wrap

__all__ = ["DEVICE_NAME", "install", "is_simulated", "to_cpu"]

# What this module replaces in PyTorch, whose attributes mypy takes for constants.
_torch = torch  # type: Any
_Tensor = torch.Tensor  # type: Any
_Uninitialized = _torch.nn.parameter.UninitializedTensorMixin
_DeviceContext = torch.utils._device.DeviceContext  # type: Any

_torch_to = _Tensor.to
_torch_materialize = _Uninitialized.materialize
_torch_may_set_data = _torch._has_compatible_shallow_copy_type
_torch_rebuild = _torch._utils._rebuild_tensor
_torch_enter = _DeviceContext.__init__

_library = None  # type: Any
_PINNED = "_simulated_pinned"
# The operators that make a tensor from no tensor and have kernels of their own on CUDA or meta.
_FACTORIES = (
    "empty.memory_format empty_strided _efficientzerotensor zeros ones full eye eye.m scalar_tensor arange "
    "arange.start arange.start_step linspace logspace rand randn randint randint.low randperm normal.float_float "
    "hann_window hann_window.periodic tril_indices triu_indices"
).split()


def install() -> None:
    """Give this process one simulated CUDA device; call it once, before the student's code is imported."""
    global _library
    simulated_cuda.install(allocated)
    _library = _torch.library.Library("aten", "IMPL")
    for name in _FACTORIES:
        packet, _, overload = name.partition(".")
        kernel = _factory(getattr(getattr(torch.ops.aten, packet), overload or "default"))
        # Python asks for CUDA; C++ asks for the device that it takes a simulated tensor to be on.
        for key in ("CUDA", "Meta"):
            _library.impl(name, kernel, key, allow_override=True)
    _replace_constructors()
    _replace_moves()
    _replace_serialization()
    _torch.backends.cudnn.is_acceptable = lambda tensor: False
    _torch.compile = _compile


def to_cpu(tensor: torch.Tensor) -> torch.Tensor:
    """Return the values of a tensor as a plain, detached `torch.Tensor` on the CPU, which may share its memory."""
    values = tensor._on_cpu if isinstance(tensor, SimulatedTensor) else tensor
    return values.detach().cpu().as_subclass(torch.Tensor)


def _factory(operator: Any) -> Callable[..., Any]:
    """Return a kernel that makes on the simulated device what `operator` makes on the CPU."""
    plan = Plan(operator)

    def make(*args: Any, **kwargs: Any) -> Any:
        place(kwargs)
        return wrap(draw(plan, list(args), kwargs) if plan.draws else plan.call(*args, **kwargs))

    return make


def _replace_constructors() -> None:
    """Replace what makes tensors of Python data, which happens below `__torch_dispatch__`."""
    torch._C._set_only_lift_cpu_tensors(True)
    torch.utils._device._device_constructors()  # Remembers the functions of C++, which `torch.device("cuda")` meets.
    for name in ("tensor", "as_tensor", "asarray"):
        setattr(torch, name, _constructor(getattr(torch, name)))
    _DeviceContext.__init__ = _enter_device


def _constructor(function: Callable[..., Any]) -> Callable[..., Any]:
    def construct(data: Any, *args: Any, **kwargs: Any) -> Any:
        here = META if is_simulated(data) else CUDA
        if "device" in kwargs:
            kwargs["device"] = _target(kwargs["device"], here)
        return function(without_wrappers(data), *[_target(argument, here) for argument in args], **kwargs)

    construct.__name__, construct.__doc__ = function.__name__, function.__doc__
    return construct


def _enter_device(self: Any, device: Any) -> None:
    _torch_enter(self, _target(device, CUDA))


def _target(device: Any, cuda: torch.device) -> Any:
    """Return `cuda` for any way to write the simulated device, and everything else as it is."""
    if isinstance(device, str) and device.startswith("cuda"):
        device = torch.device(device)
    if type(device) is int:
        device = torch.device("cuda", device)
    if isinstance(device, torch.device) and device.type == "cuda":
        simulated_cuda.check_index(device.index)
        return cuda
    return device


def _replace_moves() -> None:
    """Replace what moves tensors and modules to a device and back."""
    _Tensor.to, _Tensor.cuda = _to, _cuda
    _Tensor.pin_memory, _Tensor.is_pinned = _pin_memory, _is_pinned
    _Tensor.data = property(torch_data.__get__, _set_data)
    _torch._has_compatible_shallow_copy_type = _may_set_data
    _Uninitialized.materialize = _materialize


def _to(self: Any, *args: Any, **kwargs: Any) -> Any:
    """`Tensor.to`; C++ knows the simulated device as meta, so that `to` returns a tensor that is there itself."""
    if isinstance(self, _Uninitialized):
        self._move_later = (args, kwargs)
        return self
    if args:
        args = (_target(args[0], META),) + args[1:]
    if "device" in kwargs:
        kwargs["device"] = _target(kwargs["device"], META)
    return _torch_to(self, *args, **kwargs)


def _cuda(self: torch.Tensor, device: Any = None, non_blocking: bool = False, **kwargs: Any) -> Any:
    return _to(self, "cuda" if device is None else device, non_blocking=non_blocking, **kwargs)


def _materialize(self: Any, *args: Any, **kwargs: Any) -> None:
    """Give the parameter of a lazy module its shape, and make the move that waited for it."""
    later = self.__dict__.pop("_move_later", None)
    _torch_materialize(self, *args, **kwargs)
    if later is not None:
        self.data = _to(self.data, *later[0], **later[1])


def _pin_memory(self: torch.Tensor, device: Any = None) -> torch.Tensor:
    if is_simulated(self):
        raise RuntimeError("cannot pin '{}' only dense CPU tensors can be pinned".format(self.type()))
    if _is_pinned(self):
        return self
    pinned = self.clone()
    setattr(pinned.untyped_storage(), _PINNED, True)
    return pinned


def _is_pinned(self: torch.Tensor, device: Any = None) -> bool:
    return not is_simulated(self) and hasattr(self.untyped_storage(), _PINNED)


def _may_set_data(input: torch.Tensor, from_: torch.Tensor) -> bool:
    """Ask whether `Module.to` may keep a Parameter and set its data: as with CUDA, it may."""
    return is_simulated(input) or is_simulated(from_) or _torch_may_set_data(input, from_)


def _set_data(tensor: Any, new: Any) -> None:
    """`tensor.data = new`, which on CUDA may change the device too."""
    if is_simulated(tensor) != is_simulated(new):
        _change_device(tensor, new)
        return
    torch_data.__set__(tensor, new)
    if is_simulated(new):
        tensor._on_cpu = new._on_cpu.detach()


def _change_device(tensor: Any, new: Any) -> None:
    """Let the object stay, for the optimizers and modules that hold it, and exchange what it stands for in C++."""
    requires_grad, grad, hooks = tensor.requires_grad, tensor.grad, tensor._backward_hooks
    state = dict(tensor.__dict__)
    if is_simulated(new):
        other, kind = wrap(new._on_cpu.detach()), SimulatedTensor  # type: Any, Any
        state.update(_on_cpu=other._on_cpu, _cpu_class=type(tensor), _is_param=isinstance(tensor, torch.nn.Parameter))
    else:
        other = new.detach()
        del state["_on_cpu"]
        usual = torch.nn.Parameter if state.pop("_is_param", False) else torch.Tensor
        kind = state.pop("_cpu_class", usual)
    torch._C._swap_tensor_impl(tensor, other)
    tensor.__class__, other.__class__ = kind, torch.Tensor
    other.__dict__.clear()
    tensor.__dict__.clear()
    tensor.__dict__.update(state)
    tensor.requires_grad_(requires_grad)
    if hooks:
        tensor._backward_hooks = hooks
    if grad is not None:
        _set_data(grad, _to(grad, new.device))
        tensor.grad = grad


def _replace_serialization() -> None:
    """Let `torch.save` write that a storage was on CUDA, and `torch.load` bring it back there."""
    _torch._utils._rebuild_tensor = _rebuild_tensor
    torch.serialization.register_package(5, _location, _restore)


def _location(storage: Any) -> Any:
    return str(CUDA) if hasattr(storage, MARK) else None


def _restore(storage: Any, location: str) -> Any:
    if not location.startswith("cuda"):
        return None
    _torch.serialization._validate_device(location, "cuda")
    setattr(storage, MARK, True)
    return storage


def _rebuild_tensor(storage: Any, *shape: Any) -> Any:
    tensor = _torch_rebuild(storage, *shape)
    return wrap(tensor) if hasattr(storage._untyped_storage, MARK) else tensor


def _compile(model: Any = None, **kwargs: Any) -> Any:
    """`torch.compile` gives back what it was given, to run operator by operator."""
    return (lambda model: model) if model is None else model
