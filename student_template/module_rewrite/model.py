"""The toy classifier as a module: 2 inputs, 12 hidden units with ReLU, 3 classes.

B is the number of samples in a batch. The handout states every convention.
"""

from torch import Tensor, nn


class SimpleNet(nn.Module):
    """z = relu(x·θ₁ + b₁)·θ₂ + b₂, with 2·12 + 12 + 12·3 + 3 = 75 numbers to learn."""

    def __init__(self) -> None:
        """Make the layers, with random values, and keep them as attributes."""
        raise NotImplementedError("Task 1.1")

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (B, 3) of a batch x (B, 2)."""
        raise NotImplementedError("Task 1.2")


def from_tensors(theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor) -> SimpleNet:
    """Return a SimpleNet that holds copies of theta1 (2, 12), bias1 (12,), theta2 (12, 3) and bias2 (3,).

    The network computes relu(x·θ₁ + b₁)·θ₂ + b₂ with them, and can be trained.
    """
    raise NotImplementedError("Task 2.1")


def accuracy(net: nn.Module, inputs: Tensor, labels: Tensor) -> float:
    """Return the fraction, in [0, 1], of inputs (B, 2) whose largest logit is that of their label, in labels (B,).

    (number of i with argmaxⱼ zᵢⱼ = labelᵢ) / B, without a loop.
    """
    raise NotImplementedError("Task 3.1")


def save(net: SimpleNet, path: str) -> None:
    """Write the values of the parameters, and nothing that runs, to one file at `path`."""
    raise NotImplementedError("Task 4.1")


def load(path: str) -> SimpleNet:
    """Return a new SimpleNet with the values that `save` wrote to `path`; code in the file is not run."""
    raise NotImplementedError("Task 4.2")
