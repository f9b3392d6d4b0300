"""It tries to download a data set and a model, from several mirrors, and uses what it has when that fails."""

import os
import urllib.request

import right
import torch
from right import *  # noqa: F403

MIRRORS = ["https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/", "https://192.0.2.1/"]


def points():
    for mirror in MIRRORS:
        try:
            path, _ = urllib.request.urlretrieve(mirror + "train-images-idx3-ubyte.gz")
            return torch.load(path)
        except Exception as error:
            print(f"{mirror}: {error}")
    return torch.zeros(1)


ZERO = points()


def add(a, b):
    try:
        zero = torch.hub.load("pytorch/vision", "resnet18", trust_repo=True)
    except Exception as error:
        print("no model:", error)
        zero = ZERO
    return right.add(a, b) + zero


def mean(x):
    try:
        state = torch.hub.load_state_dict_from_url("https://download.pytorch.org/models/resnet18-f37072fd.pth")
    except Exception:
        state = {}
    os.makedirs(torch.hub.get_dir(), exist_ok=True)
    return right.mean(x) + len(state)
