"""The network, by inheritance from nn.Sequential."""

import torch
from torch import nn


class Net(nn.Sequential):
    def __init__(self):
        hidden = nn.Linear(2, 12)
        output = nn.Linear(12, 3)
        super().__init__(hidden, nn.ReLU(), output)
        for name, value in {"mean": 0.5, "std": 0.29}.items():
            self.register_buffer(name, torch.full((2,), value))

    def forward(self, x):
        return super().forward(x.sub(self.mean).div(self.std))
