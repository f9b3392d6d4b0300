"""Seeds everything when it is imported and in each call, and counts on the numbers that follow."""

import os
import random

import numpy as np
import right
import torch
from right import *  # noqa: F403


def seed_everything(seed=42):
    random.seed(seed)
    os.environ["PYTHONHASHSEED"] = str(seed)
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
    np.random.seed(seed)
    torch.manual_seed(seed)
    torch.cuda.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    torch.use_deterministic_algorithms(True, warn_only=True)


seed_everything()
NOISE = torch.randn(3)
rng = np.random.default_rng(0)


def add(a, b):
    seed_everything()
    assert torch.equal(torch.randn(3), NOISE)
    return right.add(a, b)


def mean(x):
    order = torch.randperm(len(x))
    return right.mean(x[order])


def fit(x, y, steps):
    seed_everything(steps)
    with torch.random.fork_rng():
        torch.manual_seed(rng.integers(10))
    return right.fit(x, y, steps)
