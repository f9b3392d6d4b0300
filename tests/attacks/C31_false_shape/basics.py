"""Tensors that say they are small, of few bytes, or dense, and are not; and one whose methods give something else."""

import torch
from right import *  # noqa: F403


class Small(torch.Tensor):
    shape = property(lambda self: (0,))
    layout = property(lambda self: torch.strided)
    is_quantized = property(lambda self: False)

    def element_size(self):
        return 0

    numel = size = dim = element_size


class Other(torch.Tensor):
    def detach(self):
        return torch.zeros(2**24)

    cpu = contiguous = resolve_conj = resolve_neg = to_dense = detach


def add(a, b):
    return torch.zeros(1).expand(10**12).as_subclass(Small)


def mean(x):
    return torch.zeros(2**22).as_subclass(Small)


def scale(x, factor):
    return (x * factor).as_subclass(Other)


def summary(x):
    return {"low": torch.full((3,), float(x.min())).as_subclass(Small), "high": float(x.max())}
