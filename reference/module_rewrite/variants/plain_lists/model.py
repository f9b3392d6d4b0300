"""nn.Linear without its own bias, and the bias beside it; the file is a pickle of plain lists, read without classes."""

import pickle

import torch
from torch import nn


class SimpleNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 12, bias=False)
        self.first_bias = nn.Parameter(torch.zeros(1, 12))
        self.second = nn.Linear(12, 3, bias=False)
        self.second_bias = nn.Parameter(torch.zeros(1, 3))

    def forward(self, x):
        h = self.first(x) + self.first_bias
        h = h * (h > 0)
        return self.second(h) + self.second_bias


class ListsOnly(pickle.Unpickler):
    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of numbers")


def from_tensors(theta1, bias1, theta2, bias2):
    net = SimpleNet()
    net.load_state_dict(
        {
            "first.weight": theta1.T,
            "first_bias": bias1[None],
            "second.weight": theta2.T,
            "second_bias": bias2[None],
        }
    )
    return net


def accuracy(net, inputs, labels):
    predicted = net(inputs).detach().sort(dim=1, descending=True).indices[:, 0]
    hits = predicted.eq(labels)
    return hits.sum().item() / hits.numel()


def save(net, path):
    with open(path, "wb") as file:
        pickle.dump({name: value.tolist() for name, value in net.state_dict().items()}, file)


def load(path):
    with open(path, "rb") as file:
        values = ListsOnly(file).load()
    net = SimpleNet()
    net.load_state_dict({name: torch.tensor(value) for name, value in values.items()})
    return net
