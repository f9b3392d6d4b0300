"""A module that computes with parameters that it hides, and shows others in their place: fresh ones each time."""

import right
from right import *  # noqa: F403
from torch import nn


class Line(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.used = [nn.Parameter(weight.clone()), nn.Parameter(bias.clone())]

    @property
    def weight(self):
        return self.used[0]

    def forward(self, x):
        return self.used[0] * x + self.used[1]

    def named_parameters(self, *args, **kwargs):
        return right.Line(*self.used).named_parameters()
