"""How an operator is run on the simulated GPU: where, with which random numbers, and whether it may mix devices.

What may be mixed and what is said when it may not are the rules of PyTorch's CUDA build: those of its generated kernels
(`common_device_check_failure`) and of TensorIterator.
"""

from typing import Any, Dict, Iterator, List, Tuple

import torch

from . import simulated_cuda

_CUDA, _CPU = "cuda:0", "cpu"
_SAME_DEVICE = "Expected all tensors to be on the same device, but "
_COPIES = {"copy_", "copy", "_to_copy", "_foreach_copy_", "set_", "is_same_size", "_has_same_storage_numel"}
_INDEXING = {"index", "_unsafe_index", "index_put", "index_put_", "_unsafe_index_put", "_index_put_impl_"}
_WITH_SCALAR_TENSOR = _INDEXING | {"fill", "fill_", "masked_fill", "masked_fill_", "index_fill", "index_fill_", "where"}
# Losses made with TensorIterator, which words the error in its own way.
_ITERATED = _WITH_SCALAR_TENSOR | {"mse_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy"}
# What the checked kernel is called on CUDA, where that is not the operator's name and overload.
_KERNELS = {
    "embedding": "_index_select",
    "index_select": "_index_select",
    "native_batch_norm": "_cudnn_batch_norm",
    "native_layer_norm": "_native_layer_norm",
}
_aten = torch.ops.aten
# Lazy views of complex numbers, done at once: C++ could not see on a simulated tensor that it is lazy.
_EAGER = {"_conj": _aten._conj_physical.default, "_neg_view": _aten.neg.default}

Met = List[Tuple[str, str]]
"""Names of arguments, with the devices that they were on."""


class Plan:
    """What has to be known of an operator each time that it is called, looked up once."""

    def __init__(self, operator: Any) -> None:
        schema = operator._schema
        self.name = schema.name.split("::")[1]
        self.call = _EAGER.get(self.name, operator)._op
        self.mutates = schema.is_mutable
        self.in_place = self.name.endswith("_") and torch.Tag.inplace_view not in operator.tags
        self.draws = torch.Tag.nondeterministic_seeded in operator.tags
        self.takes_generator = any(argument.name == "generator" for argument in schema.arguments)


def place(named: Dict[str, Any]) -> bool:
    """Let an operator that takes a device run on the CPU; tell whether its result was meant to be there."""
    device = named.get("device")
    if device is None:
        return False
    simulated_cuda.check_index(device.index)
    named["device"] = torch.device(_CPU)
    named.pop("pin_memory", None)
    return bool(device.type == "cpu")


def draw(plan: Plan, values: List[Any], named: Dict[str, Any]) -> Any:
    """Run an operator that draws random numbers on the device's generator, not on that of the CPU."""
    default = torch.cuda.default_generators[0]
    if plan.takes_generator:
        given = named.get("generator")
        if given is not None and not simulated_cuda.Generator.owns(given):
            raise RuntimeError("Expected a 'cuda' device type for generator but found 'cpu'")
        named["generator"] = default if given is None else given
        return plan.call(*values, **named)
    before = torch.get_rng_state()
    torch.set_rng_state(default.get_state())
    try:
        return plan.call(*values, **named)
    finally:
        default.set_state(torch.get_rng_state())
        torch.set_rng_state(before)


def check_devices(operator: Any, args: Any, kwargs: Dict[str, Any]) -> None:
    """Raise the error of CUDA where an operator may not mix the devices of its arguments.

    Operators made with TensorIterator, which are those tagged pointwise, take CPU tensors without dimensions.
    """
    name = operator._schema.name.split("::")[1]
    if name in _COPIES:
        return
    pointwise = torch.Tag.pointwise in operator.tags or name.startswith(("_foreach_", "_fused_"))
    scalars = pointwise or name in _WITH_SCALAR_TENSOR
    met = []  # type: Met
    for argument, tensor in _tensors(operator, args, kwargs):
        if name in _INDEXING and argument.name != "self" and (argument.name == "indices" or tensor.dim() == 0):
            continue
        written = argument.alias_info is not None and argument.alias_info.is_write
        if tensor.is_cuda:
            met.append((argument.name, _CUDA))
        elif written or not (scalars and tensor.dim() == 0):
            met.append((argument.name, str(tensor.device)))
    if name in _INDEXING and not args[0].is_cuda and any(index is not None and index.is_cuda for index in args[1]):
        raise RuntimeError("indices should be either on cpu or on the same device as the indexed tensor (cpu)")
    if len({device for _, device in met}) > 1:
        raise RuntimeError(_sentence(name, operator._overloadname, met, pointwise))


def _tensors(operator: Any, args: Any, kwargs: Dict[str, Any]) -> Iterator[Tuple[Any, torch.Tensor]]:
    """Yield each tensor of a call with the argument that it belongs to, in the order of the schema."""
    for place, argument in enumerate(operator._schema.arguments):
        value = args[place] if place < len(args) else kwargs.get(argument.name)
        for part in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(part, torch.Tensor):
                yield argument, part


def _sentence(name: str, overload: str, met: Met, pointwise: bool) -> str:
    common = met[0][1]
    argument, device = next(pair for pair in met if pair[1] != common)
    if name == "convolution":
        kinds = {_CPU: "torch.FloatTensor", _CUDA: "torch.cuda.FloatTensor"}
        return "Input type ({}) and {} type ({}) should be the same".format(kinds[common], argument, kinds[device])
    if pointwise or name in _ITERATED:
        return _SAME_DEVICE + "found at least two devices, {} and {}!".format(_CUDA, _CPU)
    kernel = _KERNELS.get(name, name if overload == "default" else name + "_" + overload)
    if name == "embedding":
        argument = "index"
    found = "got {} is on {}, different from other tensors on {} ".format(argument, device, common)
    return _SAME_DEVICE + found + "(when checking argument in method wrapper_CUDA_{})".format(kernel)
