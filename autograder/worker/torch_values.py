"""What the worker knows of PyTorch: tensors to bytes and back, autograd, and the global state a test must not
inherit.
"""

from typing import Any, Callable, List, Tuple

import numpy
import torch

from . import simulated_gpu, wire

_BY_NAME = {name: getattr(torch, name) for name in wire.ITEM_SIZES if hasattr(torch, name)}
_NAMES = {dtype: name for name, dtype in _BY_NAME.items()}
# Kept from before the student's code runs, which may replace them.
_no_torch_function = torch._C.DisableTorchFunctionSubclass
_seed_all = torch.manual_seed
_device_of = torch.Tensor.device.__get__
_requires_grad_of = torch.Tensor.requires_grad.__get__  # type: ignore[attr-defined]
_simulating = False


def use_simulated_gpu() -> None:
    """From now on this process has one pretended CUDA device."""
    global _simulating
    simulated_gpu.install()
    _simulating = True


def use_gpu(share: float) -> None:
    """Make this process's CUDA context, in which it may allocate `share` of the memory, and see that the GPU computes.

    Products are exact to their own dtype, and the same each time: no TF32, no reduced sums, no choice by timing.

        https://docs.pytorch.org/docs/stable/notes/numerical_accuracy.html

    Raises:
        RuntimeError: there is no GPU for this process, it is full, or it computes wrongly.
    """
    torch.cuda.set_per_process_memory_fraction(share)
    matmul = torch.backends.cuda.matmul
    matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    matmul.allow_fp16_reduced_precision_reduction = False
    matmul.allow_bf16_reduced_precision_reduction = False
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True
    # What a test does first, as in `warm_up`: the libraries are loaded here, and not while a student waits.
    layer = torch.nn.Linear(64, 64, device="cuda")
    target = torch.zeros(8, dtype=torch.long, device="cuda")
    loss = torch.nn.functional.cross_entropy(layer(torch.ones(8, 64, device="cuda")), target)
    torch.autograd.grad(loss, list(layer.parameters()))
    ones = torch.ones(64, 64, device="cuda")
    if float((ones @ ones).sum()) != 64.0**3:
        raise RuntimeError("the GPU computes wrongly")
    del layer, loss, target, ones
    torch.cuda.synchronize()


def build(array: wire.Array, device: str = "cpu") -> torch.Tensor:
    """Return the tensor that the judge sent."""
    if array.data:
        flat = torch.frombuffer(bytearray(array.data), dtype=_BY_NAME[array.dtype])
    else:
        flat = torch.empty(0, dtype=_BY_NAME[array.dtype], device="cpu")
    tensor = flat.reshape(array.shape)
    if device != "cpu":
        tensor = tensor.to(device)
    return tensor.requires_grad_(array.requires_grad)


def owns(value: Any) -> bool:
    """Is it a tensor, or one of the small constants that print as text (a dtype, a device)?"""
    return issubclass(type(value), (torch.Tensor, torch.dtype, torch.device))


def flatten(value: Any, cap: int) -> Any:
    """Return a tensor as a `wire.Array`, and a dtype or device as its name.

    Raises:
        wire.WireError: the tensor has no values, has a dtype that cannot cross, or takes more than `cap` bytes.
    """
    if not issubclass(type(value), torch.Tensor):
        return str(value)
    with torch.no_grad(), _no_torch_function():
        # Asked of the tensor itself: a subclass may claim another device.
        device, requires_grad = str(_device_of(value)), bool(_requires_grad_of(value))
        if _simulating and simulated_gpu.is_simulated(value):
            device, value = str(value.device), simulated_gpu.to_cpu(value)
        if value.is_nested:
            raise wire.WireError("a nested tensor, whose parts have shapes of their own")
        if value.device.type == "meta":
            raise wire.WireError("a tensor on the meta device, which has no values")
        count = 1
        for size in value.shape:
            count *= int(size)
        if count * value.element_size() > cap:
            raise wire.TooLarge("a tensor of {} elements, more than the {} bytes that can be graded".format(count, cap))
        plain = _dense(value)
        name = _NAMES.get(plain.dtype)
        if name is None:
            raise wire.WireError("a tensor of dtype {}, which cannot be graded".format(plain.dtype))
        data = _bytes(plain)
    return wire.Array(name, tuple([int(size) for size in plain.shape]), data, "tensor", device, requires_grad)


def _dense(value: torch.Tensor) -> torch.Tensor:
    plain = value.detach()
    if plain.layout != torch.strided:
        plain = plain.to_dense()
    if plain.is_quantized:
        plain = plain.dequantize()
    # Copying to the CPU waits for the device, so that an error of a kernel belongs to this call.
    plain = plain.resolve_conj().resolve_neg().cpu()
    return plain.as_subclass(torch.Tensor).contiguous()


def _bytes(plain: torch.Tensor) -> bytes:
    if plain.numel() == 0:
        return b""
    raw = plain.reshape(-1).view(torch.uint8).numpy()
    if plain.dtype == torch.bool:
        raw = (raw != 0).astype(numpy.uint8)
    return bytes(raw.tobytes())


def place(value: Any, device: str) -> Any:
    """Return a tensor moved to `device`; anything else as it is."""
    return value.to(device) if isinstance(value, torch.Tensor) else value


def gradients(function: Any, inputs: List[Any], wrt: Any, weights: Any) -> Any:
    """Run autograd on `sum(function(*inputs) * weights)` and return gradients as tensors.

    `wrt` is "inputs" (every floating-point tensor among `inputs`), "parameters" (those of a module, by name), or a
    list of positions. A tensor that the result does not depend on has gradient zero.
    """
    if wrt == "parameters":
        named = {name: value for name, value in function.named_parameters() if value.requires_grad}
        found = _derive(function, inputs, list(named.values()), weights)
        return dict(zip(named, found))
    if wrt == "inputs":
        wrt = [i for i, x in enumerate(inputs) if isinstance(x, torch.Tensor) and x.is_floating_point()]
    leaves = {i: inputs[i].detach().clone().requires_grad_(True) for i in wrt}
    return _derive(function, [leaves.get(i, x) for i, x in enumerate(inputs)], [leaves[i] for i in wrt], weights)


def _derive(function: Any, inputs: List[Any], sources: List[torch.Tensor], weights: Any) -> List[torch.Tensor]:
    with torch.enable_grad():
        out = function(*inputs)
        if not isinstance(out, torch.Tensor):
            raise TypeError("to take its gradient, the result must be a tensor, not {}".format(wire.type_name(out)))
        total = (out if weights is None else out * weights.to(out.device)).sum()
        found = torch.autograd.grad(total, sources, allow_unused=True)
    return [torch.zeros_like(s) if g is None else g for s, g in zip(sources, found)]


def _set_default_device(device: torch.device) -> None:
    # A default of "cpu" that is said costs time in every call; None is the same and free.
    torch.set_default_device(None if device.type == "cpu" else device)


def warm_up() -> None:
    """Do a little of everything that a test does, so that a worker that waits for its submission is not cold.

    A fork shares its memory with the process it was forked from until it first touches it, page by page, and PyTorch
    sets much of itself up at the first call. Neither can be done before the fork.
    """
    array = wire.Array("float32", (4, 3), numpy.arange(12, dtype="float32").tobytes())
    x = build(array)
    weights = torch.nn.Linear(3, 2)
    loss = torch.nn.functional.cross_entropy(weights(x), torch.tensor([0, 1, 0, 1]))
    torch.autograd.grad(loss, list(weights.parameters()))
    order = torch.softmax(x, dim=1).flatten().sort(descending=True).indices
    counts = torch.bincount(order[order > 3], minlength=12).to(torch.float64)
    flatten((counts / counts.sum()).cumsum(0), 2**20)


class GlobalState:
    """The global switches of PyTorch, as they were when this was made."""

    _switches: Tuple[Tuple[Callable[[], Any], Callable[[Any], Any]], ...] = (
        (torch.get_default_dtype, torch.set_default_dtype),
        (torch.is_grad_enabled, torch.set_grad_enabled),
        (torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
        (torch.get_num_threads, torch.set_num_threads),
        (torch.get_default_device, _set_default_device),
    )

    def __init__(self) -> None:
        self._values = [get() for get, _ in self._switches]

    def restore(self, seed: int) -> None:
        """Set them back, and seed the framework's generators."""
        for value, (get, change) in zip(self._values, self._switches):
            # Only what was changed: setting some of them imports a good part of PyTorch.
            if get() != value:
                change(value)
        if _simulating or torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
            _seed_all(seed)
        else:
            # The same for the CPU, without the milliseconds that seeding devices takes which are not in use.
            torch.default_generator.manual_seed(seed)
