"""The toy classifier, in PyTorch and float64: what answers in other frameworks are held against.

An answer takes and returns NumPy arrays. The network is z = relu(x·W₁ + b₁)·W₂ + b₂, its loss the mean cross-entropy.
Weights are a list [W₁ (2, H), b₁ (H,), W₂ (H, 3), b₂ (3,)]; N is the number of samples.
"""

from collections.abc import Sequence
from typing import Any

import numpy
import torch
from torch import Tensor, nn

BATCH = 20


def derivative(x: Any) -> Any:
    """Return the derivative of x² at each element of x, an array of any shape."""
    leaf = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    (leaf**2).sum().backward()
    assert leaf.grad is not None
    return leaf.grad.numpy()


def loop(x: float) -> tuple[float, float]:
    """Square x until it is at least 10, and return the result y and dy/dx. From 2: 16 and 32."""
    leaf = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    y = leaf
    while y < 10:
        y = y**2
    y.backward()
    assert leaf.grad is not None
    return y.item(), leaf.grad.item()


def forward(weights: Sequence[Any], inputs: Any) -> Tensor:
    """Return the logits (N, 3) of inputs (N, 2)."""
    w1, b1, w2, b2 = weights
    return torch.relu(torch.as_tensor(inputs, dtype=torch.float64) @ w1 + b1) @ w2 + b2


def leaves(weights: Sequence[Any]) -> list[Tensor]:
    """Return copies of the weights in float64 that gradients are kept for."""
    return [torch.tensor(weight, dtype=torch.float64, requires_grad=True) for weight in weights]


def logits(weights: Sequence[Any], inputs: Any) -> Any:
    """Return the logits (N, 3) of inputs (N, 2)."""
    return forward(leaves(weights), inputs).detach().numpy()


def loss_and_gradients(weights: Sequence[Any], inputs: Any, labels: Any) -> tuple[float, list[Any]]:
    """Return the mean cross-entropy of the logits, and its gradient for each of the weights."""
    own = leaves(weights)
    loss = nn.functional.cross_entropy(forward(own, inputs), torch.as_tensor(labels, dtype=torch.int64))
    gradients = torch.autograd.grad(loss, own)
    return loss.item(), [gradient.numpy() for gradient in gradients]


def batch_of(step: int, count: int) -> slice:
    """Return where the batch of a step lies: 20 samples in order, and after the last whole batch the first again."""
    begin = step % (count // BATCH) * BATCH
    return slice(begin, begin + BATCH)


def train(weights: Sequence[Any], inputs: Any, labels: Any, steps: int, rate: float) -> tuple[list[float], list[Any]]:
    """Train by gradient descent, a batch a step.

    Returns:
        the loss of each step's batch, before its update, and the weights after the last step.
    """
    weights = [numpy.array(weight, dtype="float64") for weight in weights]
    losses = []
    for step in range(steps):
        batch = batch_of(step, len(inputs))
        loss, gradients = loss_and_gradients(weights, inputs[batch], labels[batch])
        losses.append(loss)
        weights = [weight - rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
    return losses, weights


def layers_with(weights: Sequence[Any]) -> nn.Sequential:
    """Return the network as layers of the framework's own, with copies of the weights in float64."""
    w1, b1, w2, b2 = leaves(weights)
    net = nn.Sequential(nn.Linear(2, len(b1)), nn.ReLU(), nn.Linear(len(b1), 3)).double()
    with torch.no_grad():
        # A linear layer of PyTorch's keeps its matrix as (out, in).
        for parameter, values in zip(net.parameters(), (w1.t(), b1, w2.t(), b2), strict=True):
            parameter.copy_(values)
    return net


def layer_logits(weights: Sequence[Any], inputs: Any) -> Any:
    """Return the logits (N, 3) of inputs (N, 2), by layers that hold the weights."""
    return layers_with(weights)(torch.as_tensor(inputs, dtype=torch.float64)).detach().numpy()


def optimizer_train(
    weights: Sequence[Any], inputs: Any, labels: Any, steps: int, rate: float, momentum: float
) -> tuple[list[float], list[Any]]:
    """Train as `train` does, with layers that hold the weights and the framework's optimizer.

    A step is v ← momentum · v + gradient, then w ← w − rate · v, and v is 0 at first: stochastic gradient descent with
    momentum, as in `torch.optim.SGD`.
    """
    net = layers_with(weights)
    optimizer = torch.optim.SGD(net.parameters(), lr=rate, momentum=momentum)
    x, y = torch.as_tensor(inputs, dtype=torch.float64), torch.as_tensor(labels, dtype=torch.int64)
    losses = []
    for step in range(steps):
        batch = batch_of(step, len(x))
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x[batch]), y[batch])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, [parameter.detach().t().numpy() for parameter in net.parameters()]


def classify(inputs: Any, labels: Any, new_inputs: Any) -> Any:
    """Train a network of the framework's own layers with its own optimizer, and return the classes of new inputs."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 3))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    x, y = torch.as_tensor(inputs, dtype=torch.float32), torch.as_tensor(labels, dtype=torch.int64)
    for _ in range(200):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
    return net(torch.as_tensor(new_inputs, dtype=torch.float32)).argmax(dim=1).numpy()
