"""Tensors over memory that is not theirs: freed, past the end, or nowhere; and sparse ones that point far outside."""

import ctypes

import numpy
import torch
from right import *  # noqa: F403


class Nowhere:
    @property
    def __array_interface__(self):
        return {"shape": (50,), "typestr": "<f4", "data": (16, False), "version": 3}


def add(a, b):
    return numpy.asarray(Nowhere())


def mean(x):
    return torch.sparse_coo_tensor([[2**40]], [1.0], (50,), check_invariants=False)


def scale(x, factor):
    buffer = (ctypes.c_float * 15).from_address(4096)
    return torch.frombuffer(buffer, dtype=torch.float32).reshape(5, 3)


def summary(x):
    gone = torch.tensor(1.0)
    gone.untyped_storage().resize_(0)
    return {"low": gone, "high": gone}
