"""A small network that runs wherever it is told to: on the CPU or on a GPU."""

import numpy as np
import torch
from torch import nn

MEAN = (0.5, 0.5)
STD = (0.29, 0.29)


class Net(nn.Module):
    """Classify points of the unit square into three classes.

    The logits of a batch x (B, 2) are W2 · relu(W1 · n + b1) + b2, with n = (x − mean) / std and 12 hidden units. Mean
    and standard deviation are buffers: they move with the network, are saved with it, and no optimizer changes them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(MEAN))
        self.register_buffer("std", torch.tensor(STD))
        self.hidden = nn.Linear(2, 12)
        self.output = nn.Linear(12, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logits (B, 3) of a batch x (B, 2)."""
        normalised = (x - self.mean) / self.std
        return self.output(torch.relu(self.hidden(normalised)))


def train(
    device: str, inputs: torch.Tensor, labels: torch.Tensor, test_inputs: torch.Tensor, steps: int
) -> tuple[Net, list[float], np.ndarray]:
    """Train a network on `device` and predict the classes of `test_inputs`.

    Each step minimises the mean cross-entropy of all the inputs by SGD at rate 0.5 with momentum 0.9:
    v ← 0.9·v + gradient, θ ← θ − 0.5·v, with v = 0 before the first step.

    Args:
        device: where to train, such as "cpu" or "cuda".
        inputs: float32 (B, 2), on the CPU.
        labels: int64 (B,), on the CPU.
        test_inputs: float32 (N, 2), on the CPU.
        steps: number of updates, at least 1.

    Returns:
        The network, on `device`; the loss at each step, before its update; the predictions, a NumPy int64 array (N,).
    """
    torch.manual_seed(0)
    net = Net().to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    inputs, labels = inputs.to(device), labels.to(device)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with torch.no_grad():
        predictions = net(test_inputs.to(device)).argmax(dim=1)
    return net, losses, predictions.cpu().numpy()


def add_on(device: str, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Compute a + b on `device`, and return the sum on the CPU.

    `a` and `b` have the same shape, and each may be on the CPU or already on `device`; both are left as they were.
    """
    return (a.to(device) + b.to(device)).cpu()
