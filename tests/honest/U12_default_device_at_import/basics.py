"""The default device is the GPU from the first line."""

import torch
from right import *  # noqa: F403

torch.set_default_device("cuda" if torch.cuda.is_available() else "cpu")


def fit(x, y, steps):
    weight, bias = torch.zeros(1, device="cpu"), torch.zeros(1, device="cpu")
    for _ in range(steps):
        error = weight * x + bias - y
        weight, bias = weight - 0.4 * (error * x).mean(), bias - 0.4 * error.mean()
    return weight, bias
