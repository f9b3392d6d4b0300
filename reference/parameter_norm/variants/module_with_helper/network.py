"""The network as a module, and what is measured on it."""

import torch
from torch import nn


class Perceptron(nn.Module):
    def __init__(self, theta1, bias1, theta2, bias2):
        super().__init__()
        self.inner = nn.Linear(theta1.shape[1], theta1.shape[0])
        self.outer = nn.Linear(theta2.shape[1], theta2.shape[0])
        self.load_state_dict({"inner.weight": theta1, "inner.bias": bias1, "outer.weight": theta2, "outer.bias": bias2})

    def forward(self, x):
        return self.outer(torch.relu(self.inner(x)))

    @torch.no_grad()
    def norms(self):
        return torch.stack([p.norm() for p in self.parameters()])

    @torch.no_grad()
    def residual(self):
        return torch.cat([self.outer.weight.sum(0), self.outer.bias.sum()[None]]).norm()

    @torch.no_grad()
    def descend(self, rate, weight_decay):
        for p in self.parameters():
            p.mul_(1 - rate * weight_decay).sub_(rate * p.grad)
