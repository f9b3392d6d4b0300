"""A module with thousands of parameters under hostile names, which an explanation might list."""

import right
from right import *  # noqa: F403
from torch import nn


class Line(right.Line):
    def named_parameters(self, *_, **__):
        for number in range(3000):
            yield f"<script>\x1b[2J\n\u2028passed \u202e{number}" + "a" * 100, nn.Parameter(self.bias.detach())
