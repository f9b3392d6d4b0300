"""float64 inside, from float32 inputs; the file is the 75 numbers as bytes."""

import struct

import torch
from torch import nn

ORDER = ("theta1", "bias1", "theta2", "bias2")
SHAPES = ((2, 12), (12,), (12, 3), (3,))


class SimpleNet(nn.Module):
    def __init__(self):
        super().__init__()
        start = [torch.zeros(shape, dtype=torch.float64) for shape in SHAPES]
        self.values = nn.ParameterDict(dict(zip(ORDER, start, strict=True)))

    def forward(self, x):
        theta1, bias1, theta2, bias2 = (self.values[name] for name in ORDER)
        h = torch.addmm(bias1, x.double(), theta1)
        h = torch.where(h > 0, h, torch.zeros_like(h))
        return torch.addmm(bias2, h, theta2)


def _fill(net, tensors):
    with torch.no_grad():
        for name, tensor in zip(ORDER, tensors, strict=True):
            net.values[name] += tensor
    return net


def from_tensors(theta1, bias1, theta2, bias2):
    return _fill(SimpleNet(), (theta1, bias1, theta2, bias2))


def accuracy(net, inputs, labels):
    with torch.inference_mode():
        wrong = torch.topk(net(inputs), 1).indices.squeeze(1).ne(labels).sum().item()
    return 1.0 - wrong / labels.shape[0]


def save(net, path):
    numbers = torch.cat([net.values[name].detach().flatten() for name in ORDER]).tolist()
    with open(path, "wb") as file:
        file.write(struct.pack("<75d", *numbers))


def load(path):
    with open(path, "rb") as file:
        numbers = torch.tensor(struct.unpack("<75d", file.read()), dtype=torch.float64)
    parts = numbers.split([24, 12, 36, 3])
    return _fill(SimpleNet(), [part.reshape(shape) for part, shape in zip(parts, SHAPES, strict=True)])
