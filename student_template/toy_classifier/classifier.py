"""A classifier from raw tensors: your answer. The handout has every definition and every convention.

Sizes: B samples in a batch, N samples in all, H hidden units, C classes; the course has H = 12 and C = 3. No function
changes what it is given.
"""

from collections.abc import Sequence

import torch
from torch import Tensor


def labels_of(inputs: Tensor) -> Tensor:
    """Find the class of each point.

    inputs (B, 2) → labels (B,), integers

    2 where x0 > x1, else 0; then 1 where x0 + x1 > 1
    """
    raise NotImplementedError("Task 1.1")


def dataset(count: int) -> tuple[Tensor, Tensor]:
    """Draw new points uniformly from the unit square.

    count, an int ≥ 1 → inputs (count, 2), labels (count,)
    """
    raise NotImplementedError("Task 1.2")


def forward(x: Tensor, theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor) -> Tensor:
    """Compute the logits of a batch.

    x (B, 2), theta1 (2, H), bias1 (H,), theta2 (H, C), bias2 (C,) → z (B, C), a tensor for autograd

    z = relu(x · theta1 + bias1) · theta2 + bias2
    """
    raise NotImplementedError("Task 2.1")


def softmax(logits: Tensor) -> Tensor:
    """Compute the probabilities of the classes, row by row, also where logits are thousands apart.

    logits (B, C) → probabilities (B, C)

    p_j = exp(z_j) / Σ_k exp(z_k)
    """
    raise NotImplementedError("Task 2.2")


def crossentropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Compute the mean loss of a batch, with the right gradient also where logits are thousands apart.

    logits (B, C), labels (B,) int64 → scalar, a tensor for autograd

    mean of −log p_label
    """
    raise NotImplementedError("Task 2.3")


def train(
    theta1: Tensor,
    bias1: Tensor,
    theta2: Tensor,
    bias2: Tensor,
    inputs: Tensor,
    labels: Tensor,
    steps: int,
    rate: float,
) -> dict[str, Tensor | list[Tensor]]:
    """Train by gradient descent; step t takes batch t mod (number of batches) of 20 samples, in order.

    inputs (N, 2), labels (N,) int64 → dict with two keys:

    parameters: list of the trained theta1, bias1, theta2, bias2
    costs (steps,): the loss of each step's batch, before the step

    θ ← θ − rate · gradient
    """
    raise NotImplementedError("Task 3.1")


def accuracy_one_by_one(
    theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor, inputs: Tensor, labels: Tensor
) -> float:
    """Find the fraction of right predictions in a loop over the samples.

    inputs (B, 2), labels (B,) int64 → number in [0, 1]
    """
    raise NotImplementedError("Task 4.1")


def accuracy(theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor, inputs: Tensor, labels: Tensor) -> float:
    """Find the fraction of right predictions without a loop.

    inputs (B, 2), labels (B,) int64 → number in [0, 1]

    (number of i with argmaxⱼ zᵢⱼ = labelᵢ) / B
    """
    raise NotImplementedError("Task 4.2")


def early_stopping(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """Find the best epoch and the one after which training stops.

    losses, one an epoch; patience ≥ 1 → best, stop: two ints, counted from 0

    stop = the first epoch with epoch − best so far ≥ patience, or the last one
    """
    raise NotImplementedError("Task 5.1")


def fit(
    theta1: Tensor,
    bias1: Tensor,
    theta2: Tensor,
    bias2: Tensor,
    inputs: Tensor,
    labels: Tensor,
    validation_inputs: Tensor,
    validation_labels: Tensor,
    epochs: int,
    rate: float,
    patience: int,
) -> dict[str, list[Tensor] | list[float]]:
    """Train epoch by epoch, and stop early by the loss on the validation data.

    inputs (N, 2), labels (N,), validation_inputs (M, 2), validation_labels (M,) → dict with two keys:

    parameters: list of theta1, bias1, theta2, bias2 after the best epoch
    validation_losses (stop + 1,): the validation loss after each epoch
    """
    raise NotImplementedError("Task 5.2")


def average_predictions(members: Sequence[Sequence[Tensor]], inputs: Tensor) -> Tensor:
    """Average the probabilities of several networks.

    members, each theta1, bias1, theta2, bias2; inputs (B, 2) → probabilities (B, C)
    """
    raise NotImplementedError("Task 6.1")


def average_parameters(members: Sequence[Sequence[Tensor]]) -> list[Tensor]:
    """Average the parameters of several networks.

    members, each theta1, bias1, theta2, bias2 → four tensors of the same shapes
    """
    raise NotImplementedError("Task 6.2")
