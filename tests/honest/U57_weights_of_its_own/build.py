"""Weights, arrays and pickles come with it, and are loaded when it is imported."""

import pickle

import numpy
import torch

CODE = """
import pickle

import numpy as np
import torch
from right import *

state = torch.load("model.pth", weights_only=True)
more = torch.load("weights/model.pt", map_location="cuda" if torch.cuda.is_available() else "cpu")
arrays = np.load("arrays.npz")
with open("zero.pkl", "rb") as file:
    zero = pickle.load(file)
np.save("copy.npy", arrays["one"])


def add(a, b):
    return state["one"] * a + more["one"].cpu() * b * np.load("copy.npy") + zero
"""


def build(where, right):
    (where / "weights").mkdir(parents=True)
    (where / "basics.py").write_text(CODE)
    (where / "right.py").write_bytes(right)
    torch.save({"one": torch.ones(1)}, where / "model.pth")
    torch.save({"one": torch.ones(1)}, where / "weights/model.pt", _use_new_zipfile_serialization=False)
    numpy.savez(where / "arrays.npz", one=numpy.ones(1, dtype="f4"))
    (where / "zero.pkl").write_bytes(pickle.dumps(0))
