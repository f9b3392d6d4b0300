"""What training does to the norms: your answer. The handout has every definition and every convention.

Sizes: I inputs, H hidden units, O outputs, T steps; the course has 20, 32, 32 and 1000. No function changes the tensors
that it is given.
"""

from torch import Tensor


def forward(x: Tensor, theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor) -> Tensor:
    """Compute the outputs of the network for one input.

    x (I,), theta1 (H, I), bias1 (H,), theta2 (O, H), bias2 (O,), all float32 → z (O,)

    z = theta2 · relu(theta1 · x + bias1) + bias2
    """
    raise NotImplementedError("Task 1.1")


def cost(z: Tensor) -> Tensor:
    """Compute the cost of the outputs.

    z (O,) → scalar

    cost = (z₁ + … + z_O)²
    """
    raise NotImplementedError("Task 1.2")


def learning_rate(step: int) -> float:
    """Compute the learning rate of a step; steps are counted from 0.

    step, an int ≥ 0 → number

    rate = 0.001 · 0.1^(max(step − 500, 0) // 100)
    """
    raise NotImplementedError("Task 1.3")


def train(
    theta1: Tensor,
    bias1: Tensor,
    theta2: Tensor,
    bias2: Tensor,
    inputs: Tensor,
    rates: Tensor,
    weight_decay: float = 0.0,
) -> dict[str, Tensor | list[Tensor]]:
    """Train by gradient descent, one input and one rate a step.

    theta1 (H, I), bias1 (H,), theta2 (O, H), bias2 (O,), inputs (T, I), rates (T,), all float32 → dict with four keys:

    parameters: list of the trained theta1, bias1, theta2, bias2
    costs (T,): the cost of each step, before it
    norms (T + 1, 4): ‖θ‖ = √(Σ θ²) of each parameter, before the first step and after each
    residual (T + 1,): √(‖s‖² + β²), before the first step and after each, with s the column sums of theta2 and β the
        sum of bias2

    θ ← θ − rate · (gradient + weight_decay · θ)
    """
    raise NotImplementedError("Task 2.1")


def converged_to_zero(norms: Tensor, fraction: float) -> list[bool]:
    """Say of each parameter whether its norm has converged to zero.

    norms (T + 1, 4), fraction → list of four bools

    last norm < fraction · first norm
    """
    raise NotImplementedError("Task 3.1")
