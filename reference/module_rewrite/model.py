"""The toy classifier as a module: 2 inputs, 12 hidden units with ReLU, 3 classes.

B is the number of samples in a batch.
"""

import torch
from torch import Tensor, nn


class SimpleNet(nn.Module):
    """z = relu(x·θ₁ + b₁)·θ₂ + b₂, with 2·12 + 12 + 12·3 + 3 = 75 numbers to learn."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(2, 12)
        self.output = nn.Linear(12, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (B, 3) of a batch x (B, 2)."""
        return self.output(torch.relu(self.hidden(x)))


def from_tensors(theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor) -> SimpleNet:
    """Return a SimpleNet that holds copies of theta1 (2, 12), bias1 (12,), theta2 (12, 3) and bias2 (3,).

    `nn.Linear` computes x·Wᵀ + b, so its weight W is the transpose of θ.
    """
    net = SimpleNet()
    with torch.no_grad():
        net.hidden.weight.copy_(theta1.T)
        net.hidden.bias.copy_(bias1)
        net.output.weight.copy_(theta2.T)
        net.output.bias.copy_(bias2)
    return net


@torch.no_grad()
def accuracy(net: nn.Module, inputs: Tensor, labels: Tensor) -> float:
    """Return the fraction, in [0, 1], of inputs (B, 2) whose largest logit is that of their label, in labels (B,)."""
    predicted = net(inputs).argmax(dim=1)
    return (predicted == labels).float().mean().item()


def save(net: SimpleNet, path: str) -> None:
    """Write the values of the parameters, and nothing that runs, to one file at `path`."""
    torch.save(net.state_dict(), path)


def load(path: str) -> SimpleNet:
    """Return a new SimpleNet with the values that `save` wrote to `path`; code in the file is not run."""
    net = SimpleNet()
    net.load_state_dict(torch.load(path, weights_only=True))
    return net
