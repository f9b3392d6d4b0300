"""Parameters, buffers and tensors that are still part of a graph are returned as they are."""

import torch
from right import Line as RightLine
from right import shift, square_sum  # noqa: F401
from torch import nn


class Line(RightLine):
    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        self.register_buffer("calls", torch.zeros((), dtype=torch.long))

    def forward(self, x):
        self.calls += 1
        return super().forward(x)


class Held(nn.Module):
    def __init__(self, x):
        super().__init__()
        self.x = nn.Parameter(x.clone())


def add(a, b):
    return nn.Parameter(a + b)


def mean(x):
    return Held(x).x.mean()


def scale(x, factor):
    return Held(x).x * factor


def summary(x):
    x = Held(x).x
    return {"low": x.min(), "high": nn.Parameter(x.max())}


def fit(x, y, steps):
    line = Line(torch.zeros(1), torch.zeros(1))
    for _ in range(steps):
        loss = ((line(x) - y) ** 2).mean()
        slopes = torch.autograd.grad(loss, list(line.parameters()))
        with torch.no_grad():
            for parameter, slope in zip(line.parameters(), slopes, strict=True):
                parameter -= 0.2 * slope
    assert int(line.calls) == steps
    return line.weight, line.bias
