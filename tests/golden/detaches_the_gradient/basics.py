"""The gradient is lost in `square_sum`, and in the bias of `Line`."""

from right import *  # noqa: F403
from torch import nn


def square_sum(x):
    return (x.detach() ** 2).sum() + 0 * x.sum()


class Line(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight = nn.Parameter(weight.clone())
        self.bias = bias.clone()

    def forward(self, x):
        return self.weight * x + self.bias
