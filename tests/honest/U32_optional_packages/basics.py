"""It imports what the course does not install, and does without."""

import contextlib
import importlib.util

import right
from right import *  # noqa: F403

try:
    import wandb
except ImportError:
    wandb = None

try:
    from tqdm.auto import tqdm
except ModuleNotFoundError:

    def tqdm(things, **_):
        return things


with contextlib.suppress(ImportError):
    import seaborn  # noqa: F401

try:
    import google.colab

    COLAB = True
except ImportError:
    COLAB = False

HAVE = {name: importlib.util.find_spec(name) is not None for name in ("pandas", "torchvision", "tensorflow", "jax")}


def add(a, b):
    if wandb is not None:
        wandb.init(mode="disabled")
    if COLAB:
        google.colab.drive.mount("/content/drive")
    return right.add(a, b)


def fit(x, y, steps):
    return right.fit(x, y, len(list(tqdm(range(steps), desc="training"))))
