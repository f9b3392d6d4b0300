"""It turns warnings into errors, rounding into exceptions, and looks for anomalies."""

import gc
import locale
import sys
import warnings

import numpy as np
import right
import torch
from right import *  # noqa: F403

warnings.filterwarnings("error")
np.seterr(all="raise")
np.set_printoptions(precision=3, threshold=5)
torch.set_printoptions(sci_mode=False, profile="full")
torch.autograd.set_detect_anomaly(True)
torch.set_float32_matmul_precision("high")
torch.set_default_tensor_type(torch.FloatTensor) if False else None
locale.setlocale(locale.LC_ALL, "")
sys.setswitchinterval(1e-4)
gc.disable()


def add(a, b):
    return right.add(a, b).numpy().astype("f4", copy=True)


def summary(x):
    return {"low": x.min().numpy()[()], "high": np.asarray(x).max(), "kind": np.float64(1.5)}
