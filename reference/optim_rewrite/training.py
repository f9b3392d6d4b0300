"""Training with the optimisers of PyTorch, and their update rules by hand.

Each rule takes one parameter θ with its gradient, its state and its hyper-parameters, and returns the new θ and the new
state. The state is a dict, empty before the first step.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

BATCH = 20
State = dict[str, Any]


class Net(nn.Module):
    """z = relu(x · theta1 + bias1) · theta2 + bias2, starting from copies of four tensors."""

    def __init__(self, theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor) -> None:
        super().__init__()
        self.theta1, self.bias1 = nn.Parameter(theta1.clone()), nn.Parameter(bias1.clone())
        self.theta2, self.bias2 = nn.Parameter(theta2.clone()), nn.Parameter(bias2.clone())

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (B, C) of a batch x (B, I)."""
        return torch.relu(x @ self.theta1 + self.bias1) @ self.theta2 + self.bias2


def network(theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor) -> nn.Module:
    """Return a network with copies of theta1 (I, H), bias1 (H,), theta2 (H, C) and bias2 (C,) as its parameters."""
    return Net(theta1, bias1, theta2, bias2)


def affine(theta: Tensor, bias: Tensor) -> nn.Module:
    """Given: a network without hidden units, z = x · theta + bias, with copies of theta (I, C) and bias (C,)."""
    net = nn.Linear(*theta.shape)
    net.load_state_dict({"weight": theta.T, "bias": bias})
    return net


def train(net: nn.Module, inputs: Tensor, labels: Tensor, steps: int, rate: float) -> list[float]:
    """Train a network in place by SGD with momentum 0.9, and return the loss of each step, taken before its update.

    The loss is the mean cross-entropy of a batch of 20. Step t takes batch t modulo the number of batches; the last one
    has what is left over.
    """
    optimizer = torch.optim.SGD(net.parameters(), lr=rate, momentum=0.9)
    batches = list(zip(inputs.split(BATCH), labels.split(BATCH), strict=True))
    losses = []
    for step in range(steps):
        x, y = batches[step % len(batches)]
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def momentum(theta: Tensor, gradient: Tensor, state: State, rate: float, mu: float) -> tuple[Tensor, State]:
    """v ← mu · v + gradient, with v = 0 at first; θ ← θ − rate · v."""
    velocity = mu * state.get("velocity", 0) + gradient
    return theta - rate * velocity, {"velocity": velocity}


def nesterov(theta: Tensor, gradient: Tensor, state: State, rate: float, mu: float) -> tuple[Tensor, State]:
    """v ← mu · v + gradient, with v = 0 at first; θ ← θ − rate · (gradient + mu · v)."""
    velocity = mu * state.get("velocity", 0) + gradient
    return theta - rate * (gradient + mu * velocity), {"velocity": velocity}


def weight_decay(theta: Tensor, gradient: Tensor, state: State, rate: float, decay: float) -> tuple[Tensor, State]:
    """θ ← θ − rate · (gradient + decay · θ)."""
    return theta - rate * (gradient + decay * theta), state


def adagrad(theta: Tensor, gradient: Tensor, state: State, rate: float, eps: float) -> tuple[Tensor, State]:
    """s ← s + gradient², with s = 0 at first; θ ← θ − rate · gradient / (√s + eps)."""
    squares = state.get("squares", 0) + gradient**2
    return theta - rate * gradient / (squares.sqrt() + eps), {"squares": squares}


def rmsprop(
    theta: Tensor, gradient: Tensor, state: State, rate: float, alpha: float, eps: float
) -> tuple[Tensor, State]:
    """s ← alpha · s + (1 − alpha) · gradient², with s = 0 at first; θ ← θ − rate · gradient / (√s + eps)."""
    squares = alpha * state.get("squares", 0) + (1 - alpha) * gradient**2
    return theta - rate * gradient / (squares.sqrt() + eps), {"squares": squares}


def adadelta(
    theta: Tensor, gradient: Tensor, state: State, rate: float, rho: float, eps: float
) -> tuple[Tensor, State]:
    """Scale each gradient by the ratio of earlier changes to earlier gradients, both s and u being 0 at first.

    s ← rho · s + (1 − rho) · gradient²; d = √(u + eps) / √(s + eps) · gradient; u ← rho · u + (1 − rho) · d²;
    θ ← θ − rate · d.
    """
    squares = rho * state.get("squares", 0) + (1 - rho) * gradient**2
    changes = state.get("changes", torch.zeros_like(theta))
    change = (changes + eps).sqrt() / (squares + eps).sqrt() * gradient
    return theta - rate * change, {"squares": squares, "changes": rho * changes + (1 - rho) * change**2}


def adam(
    theta: Tensor, gradient: Tensor, state: State, rate: float, beta1: float, beta2: float, eps: float
) -> tuple[Tensor, State]:
    """Divide the running mean of the gradient by the root of that of its square, both freed from their bias.

    t ← t + 1; m ← beta1 · m + (1 − beta1) · gradient; v ← beta2 · v + (1 − beta2) · gradient², all 0 at first;
    θ ← θ − rate · (m / (1 − beta1^t)) / (√(v / (1 − beta2^t)) + eps).
    """
    step = state.get("step", 0) + 1
    mean = beta1 * state.get("mean", 0) + (1 - beta1) * gradient
    squares = beta2 * state.get("squares", 0) + (1 - beta2) * gradient**2
    unbiased_mean, unbiased_squares = mean / (1 - beta1**step), squares / (1 - beta2**step)
    theta = theta - rate * unbiased_mean / (unbiased_squares.sqrt() + eps)
    return theta, {"step": step, "mean": mean, "squares": squares}


def adamw(
    theta: Tensor, gradient: Tensor, state: State, rate: float, beta1: float, beta2: float, eps: float, decay: float
) -> tuple[Tensor, State]:
    """θ ← θ − rate · decay · θ, then a step of Adam, whose gradient and state do not see the decay."""
    return adam(theta * (1 - rate * decay), gradient, state, rate, beta1, beta2, eps)


def plot_curves(history: Mapping[str, Sequence[float]]) -> Figure:
    """Return a new figure with one labelled line for each entry of history: its values over the steps 0, 1, 2, …"""
    figure, axes = plt.subplots()
    for name, values in history.items():
        axes.plot(range(len(values)), values, label=name)
    axes.set_xlabel("step")
    axes.set_ylabel("value")
    axes.legend()
    plt.close(figure)
    return figure


def combine(gradients: Sequence[Tensor], sizes: Sequence[int]) -> Tensor:
    """Return the gradient of the mean loss over all samples, from those of the mean losses over shards of these sizes.

    Σ size_k · gradient_k / Σ size_k
    """
    return sum(size * gradient for gradient, size in zip(gradients, sizes, strict=True)) / sum(sizes)
