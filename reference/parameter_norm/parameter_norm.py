"""Parameter norms: train a perceptron to answer zero, and watch what becomes of its parameters.

Sizes: I inputs, H hidden units, O outputs, T steps. The course uses I = 20, H = 32, O = 32, T = 1000.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def forward(x: Tensor, theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor) -> Tensor:
    """Return z = theta2 · relu(theta1 · x + bias1) + bias2, of shape (O,), for one input x of shape (I,)."""
    hidden = torch.relu(theta1 @ x + bias1)
    return theta2 @ hidden + bias2


def cost(z: Tensor) -> Tensor:
    """Return the square of the sum of z, (z₁ + … + z_O)², as a scalar."""
    return z.sum() ** 2


def learning_rate(step: int) -> float:
    """Return the rate of a step, counted from 0: 0.001, and a tenth of it from step 600, 700, … on."""
    return 0.001 * 0.1 ** (max(step - 500, 0) // 100)


def train(
    theta1: Tensor,
    bias1: Tensor,
    theta2: Tensor,
    bias2: Tensor,
    inputs: Tensor,
    rates: Tensor,
    weight_decay: float = 0.0,
) -> dict[str, Tensor | list[Tensor]]:
    """Train by gradient descent, one input a step: θ ← θ − rate · (gradient + weight_decay · θ).

    The arguments stay as they were. `inputs` is (T, I) and `rates` is (T,). Returns a dict with `parameters` (theta1,
    bias1, theta2, bias2 after the last step), `costs` (T,), each taken before its step, and `norms` (T + 1, 4) and
    `residual` (T + 1,), both taken before the first step and after each.
    """
    parameters = [tensor.detach().clone().requires_grad_() for tensor in (theta1, bias1, theta2, bias2)]
    costs = []
    norms = [frobenius_norms(parameters)]
    residuals = [residual(parameters)]
    for x, rate in zip(inputs, rates, strict=True):
        step_cost = cost(forward(x, *parameters))
        step_cost.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= rate * (parameter.grad + weight_decay * parameter)
                parameter.grad = None
        costs.append(step_cost.detach())
        norms.append(frobenius_norms(parameters))
        residuals.append(residual(parameters))
    return {
        "parameters": [parameter.detach() for parameter in parameters],
        "costs": torch.stack(costs),
        "norms": torch.stack(norms),
        "residual": torch.stack(residuals),
    }


@torch.no_grad()
def frobenius_norms(parameters: Sequence[Tensor]) -> Tensor:
    """Return the Frobenius norm √(Σ θ²) of each of the four parameters, of shape (4,)."""
    return torch.stack([torch.linalg.vector_norm(parameter) for parameter in parameters])


@torch.no_grad()
def residual(parameters: Sequence[Tensor]) -> Tensor:
    """Return √(‖s‖² + β²), with s the column sums of theta2 and β the sum of bias2: all of them that the cost sees."""
    _, _, theta2, bias2 = parameters
    column_sums, bias_sum = theta2.sum(dim=0), bias2.sum()
    return torch.hypot(torch.linalg.vector_norm(column_sums), bias_sum)


def converged_to_zero(norms: Tensor, fraction: float) -> list[bool]:
    """Say of each parameter whether its last norm is below `fraction` times its first; norms is (T + 1, 4)."""
    return [bool(last < fraction * first) for first, last in zip(norms[0], norms[-1], strict=True)]
