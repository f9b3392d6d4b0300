"""NaN and infinities appear on the way: in masks, in first values, in a row that is not used, and in warnings."""

import numpy as np
import right
import torch
from right import *  # noqa: F403


def mean(x):
    padded = torch.cat([x, torch.full((3,), torch.nan)])
    return torch.nanmean(padded)


def summary(x):
    low, high = float("inf"), -float("inf")
    for number in x:
        low, high = min(low, number), max(high, number)
    return {"low": low, "high": high, "ratio": np.float32(1) / np.float32(0), "none": float("nan")}


def scale(x, factor):
    masked = torch.where(torch.ones_like(x, dtype=torch.bool), x * factor, -torch.inf)
    return torch.nan_to_num(masked, nan=0.0)


def fit(x, y, steps):
    best, found = torch.inf, (torch.full((1,), torch.nan),) * 2
    weight, bias = right.fit(x, y, steps)
    loss = ((weight * x + bias - y) ** 2).mean()
    if loss < best:
        found = weight, bias
    return found
