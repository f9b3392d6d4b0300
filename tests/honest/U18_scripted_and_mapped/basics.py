"""torch.jit.script, torch.jit.trace, vmap, grad and functional_call from torch.func."""

import right
import torch
from right import *  # noqa: F403
from torch import Tensor
from torch.func import functional_call, grad, vmap


@torch.jit.script
def scripted_scale(x: Tensor, factor: float) -> Tensor:
    out = torch.zeros_like(x)
    for i in range(x.size(0)):
        out[i] = x[i] * factor
    return out


def add(a, b):
    return vmap(torch.add)(a, b)


def scale(x, factor):
    return scripted_scale(x, factor)


def shift(x):
    return torch.jit.trace(lambda t: t + 1, (x,))(x)


def fit(x, y, steps):
    line = right.Line(torch.zeros(1), torch.zeros(1))
    parameters = {name: value.detach() for name, value in line.named_parameters()}

    def loss(parameters):
        return ((functional_call(line, parameters, (x,)) - y) ** 2).mean()

    for _ in range(steps):
        slopes = grad(loss)(parameters)
        parameters = {name: value - 0.2 * slopes[name] for name, value in parameters.items()}
    return parameters["weight"], parameters["bias"]
