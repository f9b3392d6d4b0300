"""Parameters of our own, stored as (inputs, outputs); values saved as JSON; prints what it does."""

import json

import torch
from torch import nn


class SimpleNet(nn.Module):
    def __init__(self):
        super().__init__()
        for name, shape in {"b2": (3,), "w2": (12, 3), "b1": (12,), "w1": (2, 12)}.items():
            self.register_parameter(name, nn.Parameter(torch.rand(shape) - 0.5))
        print("made a network:", [(name, tuple(p.shape)) for name, p in self.named_parameters()])

    def forward(self, x):
        print("forward", x.shape, x)
        h = (torch.einsum("bi,ih->bh", x, self.w1) + self.b1).clamp(min=0)
        return torch.einsum("bh,ho->bo", h, self.w2) + self.b2


def from_tensors(theta1, bias1, theta2, bias2):
    net = SimpleNet()
    net.w1 = nn.Parameter(theta1.clone())
    net.b1 = nn.Parameter(bias1.clone())
    net.w2 = nn.Parameter(theta2.clone())
    net.b2 = nn.Parameter(bias2.clone())
    return net


def accuracy(net, inputs, labels):
    best = net(inputs).max(dim=1).indices
    result = torch.count_nonzero(best == labels) / labels.numel()
    print("accuracy", result)
    return result


def save(net, path):
    with open(path, "w") as file:
        json.dump({name: p.tolist() for name, p in net.named_parameters()}, file)


def load(path):
    with open(path) as file:
        values = json.load(file)
    return from_tensors(*(torch.tensor(values[name]) for name in ("w1", "b1", "w2", "b2")))
