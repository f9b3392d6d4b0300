"""Some of it runs on the GPU whatever it is given: where one is found, and where nobody looked for one."""

import torch
from right import *  # noqa: F403

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
if torch.cuda.is_available():
    torch.cuda.manual_seed_all(0)
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
print("device:", device, torch.cuda.device_count())


def add(a, b):
    return a.to(device) + b.to(device)


def mean(x):
    return x.cuda().mean().item()


def scale(x, factor):
    return (x.to("cuda:0") * factor).cpu()


def summary(x):
    x = torch.as_tensor(x, device="cuda")
    return {"low": x.min(), "high": x.max()}
