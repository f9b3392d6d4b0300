"""A data file that was handed in is found by its relative path, and one test's file is there in the next."""

import json
from pathlib import Path

import right
import torch
from right import *  # noqa: F403

ZERO = json.loads(Path("data/constants.json").read_text())["zero"]


def add(a, b):
    torch.save(a, "/tmp/checkpoint.pt")
    Path("log.txt").write_text("added\n")
    return torch.load("/tmp/checkpoint.pt") + b + ZERO


def mean(x):
    assert Path("log.txt").read_text() == "added\n"
    return right.mean(x)
