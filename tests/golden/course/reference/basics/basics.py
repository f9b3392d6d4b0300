# This line is the canary of the golden reference; no submission may find it.
"""The right answer; submissions beside it take what they do right from here, as `right`, without the first line."""

import torch
from torch import nn


def add(a, b):
    return a + b


def mean(x):
    return x.mean()


def scale(x, factor):
    return x * factor


def summary(x):
    return {"low": float(x.min()), "high": float(x.max())}


def square_sum(x):
    return (x**2).sum()


class Line(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight = nn.Parameter(weight.clone())
        self.bias = nn.Parameter(bias.clone())

    def forward(self, x):
        return self.weight * x + self.bias


def shift(x):
    return x + torch.ones_like(x)


def fit(x, y, steps):
    line = Line(torch.zeros(1), torch.zeros(1))
    optimizer = torch.optim.SGD(line.parameters(), lr=0.2)
    for _ in range(steps):
        optimizer.zero_grad()
        ((line(x) - y) ** 2).mean().backward()
        optimizer.step()
    return line.weight.detach(), line.bias.detach()
