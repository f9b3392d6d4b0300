"""Optimisers, from the library and by hand: your answer. The handout states every convention.

Sizes: B samples in a batch, N in all, I inputs, H hidden units, C classes. A rule takes one parameter of any shape, its
gradient of the same shape, and its state, a dict that is empty before the first step; it returns the new parameter and
the new state, and leaves its arguments as they were.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from torch import Tensor, nn

State = dict[str, Any]


def network(theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor) -> nn.Module:
    """Make a module with copies of four tensors as its parameters.

    theta1 (I, H), bias1 (H,), theta2 (H, C), bias2 (C,) → a module; net(x) gives z (B, C) for x (B, I)

    z = relu(x · theta1 + bias1) · theta2 + bias2
    """
    raise NotImplementedError("Task 1.1")


def affine(theta: Tensor, bias: Tensor) -> nn.Module:
    """Given: a network without hidden units, z = x · theta + bias, with copies of theta (I, C) and bias (C,)."""
    net = nn.Linear(*theta.shape)
    net.load_state_dict({"weight": theta.T, "bias": bias})
    return net


def train(net: nn.Module, inputs: Tensor, labels: Tensor, steps: int, rate: float) -> list[float]:
    """Train the network in place by SGD with momentum 0.9; step t takes batch t mod (number of batches) of 20, in order.

    inputs (N, I), labels (N,) int64 → list of floats, the mean cross-entropy of each step's batch before the step
    """
    raise NotImplementedError("Task 2.1")


def momentum(theta: Tensor, gradient: Tensor, state: State, rate: float, mu: float) -> tuple[Tensor, State]:
    """Take a step of gradient descent with momentum.

    v ← mu · v + gradient

    θ ← θ − rate · v
    """
    raise NotImplementedError("Task 3.1")


def nesterov(theta: Tensor, gradient: Tensor, state: State, rate: float, mu: float) -> tuple[Tensor, State]:
    """Take a step of gradient descent with Nesterov's momentum.

    v ← mu · v + gradient

    θ ← θ − rate · (gradient + mu · v)
    """
    raise NotImplementedError("Task 3.2")


def weight_decay(theta: Tensor, gradient: Tensor, state: State, rate: float, decay: float) -> tuple[Tensor, State]:
    """Take a step of gradient descent with weight decay.

    θ ← θ − rate · (gradient + decay · θ)
    """
    raise NotImplementedError("Task 3.3")


def adagrad(theta: Tensor, gradient: Tensor, state: State, rate: float, eps: float) -> tuple[Tensor, State]:
    """Take a step of Adagrad.

    s ← s + gradient²

    θ ← θ − rate · gradient / (√s + eps)
    """
    raise NotImplementedError("Task 4.1")


def rmsprop(
    theta: Tensor, gradient: Tensor, state: State, rate: float, alpha: float, eps: float
) -> tuple[Tensor, State]:
    """Take a step of RMSprop.

    s ← alpha · s + (1 − alpha) · gradient²

    θ ← θ − rate · gradient / (√s + eps)
    """
    raise NotImplementedError("Task 4.2")


def adadelta(
    theta: Tensor, gradient: Tensor, state: State, rate: float, rho: float, eps: float
) -> tuple[Tensor, State]:
    """Take a step of Adadelta.

    s ← rho · s + (1 − rho) · gradient²

    d = √(u + eps) / √(s + eps) · gradient

    u ← rho · u + (1 − rho) · d²

    θ ← θ − rate · d
    """
    raise NotImplementedError("Task 4.3")


def adam(
    theta: Tensor, gradient: Tensor, state: State, rate: float, beta1: float, beta2: float, eps: float
) -> tuple[Tensor, State]:
    """Take a step of Adam; t is 1 in the first step.

    m ← beta1 · m + (1 − beta1) · gradient

    v ← beta2 · v + (1 − beta2) · gradient²

    θ ← θ − rate · (m / (1 − beta1^t)) / (√(v / (1 − beta2^t)) + eps)
    """
    raise NotImplementedError("Task 4.4")


def adamw(
    theta: Tensor, gradient: Tensor, state: State, rate: float, beta1: float, beta2: float, eps: float, decay: float
) -> tuple[Tensor, State]:
    """Take a step of AdamW.

    θ ← θ − rate · decay · θ

    then a step of Adam, which does not see the decay
    """
    raise NotImplementedError("Task 4.5")


def plot_curves(history: Mapping[str, Sequence[float]]) -> Figure:
    """Draw the curves of a training into a new figure.

    history: name → values → a figure with one axes, and in it one line for each entry, labelled with the name: its
    values over the steps 0, 1, 2, …; both axes are labelled, and a legend names the lines
    """
    raise NotImplementedError("Task 5.1")


def combine(gradients: Sequence[Tensor], sizes: Sequence[int]) -> Tensor:
    """Combine the gradients of mean losses over shards to that of the mean loss over all samples.

    K gradients of one shape, K sizes → one gradient of that shape

    Σ n_k · gradient_k / Σ n_k
    """
    raise NotImplementedError("Task 6.1")
