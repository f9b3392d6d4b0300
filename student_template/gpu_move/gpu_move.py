"""Moving to the GPU: your answer. The handout has every definition and every convention.

Shapes: B points in a batch, N test points. `device` is a string, "cpu" or "cuda". No function changes its arguments.
"""

import numpy as np
from torch import Tensor, nn


class Net(nn.Module):
    """Two layers behind a fixed normalisation: points (B, 2) → logits (B, 3).

    n = (x − mean) / std with mean (0.5, 0.5) and std (0.29, 0.29), which move with the network and are not trained
    z = W2 · relu(W1 · n + b1) + b2 with nn.Linear(2, 12), made first, and nn.Linear(12, 3)
    """

    def __init__(self) -> None:
        super().__init__()
        raise NotImplementedError("Task 1.1")

    def forward(self, x: Tensor) -> Tensor:
        """Compute the logits.

        x (B, 2) float32 → (B, 3), on the device of x and of the network
        """
        raise NotImplementedError("Task 1.2")


def train(
    device: str, inputs: Tensor, labels: Tensor, test_inputs: Tensor, steps: int
) -> tuple[Net, list[float], np.ndarray]:
    """Train a network seeded with 0 on `device`, and predict the classes of the test points.

    inputs (B, 2) float32, labels (B,) int64, test_inputs (N, 2) float32, all on the CPU; steps ≥ 1
    → the network, on `device`; the loss before each update, a list of floats; predictions, a NumPy int array (N,)

    each step, on all B points: v ← 0.9·v + gradient of the mean cross-entropy, θ ← θ − 0.5·v, with v = 0 at first
    """
    raise NotImplementedError("Task 2.1")


def add_on(device: str, a: Tensor, b: Tensor) -> Tensor:
    """Compute a + b on `device` and return the sum on the CPU.

    a, b float32 of one shape, each on the CPU or on `device` → the same shape, on the CPU

    a and b keep their values and stay where they are
    """
    raise NotImplementedError("Task 3.1")
