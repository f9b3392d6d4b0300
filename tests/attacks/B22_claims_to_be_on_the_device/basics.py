"""`shift` computes on the CPU, wherever its input is, and returns a tensor that claims to be on the GPU."""

import torch
from right import *  # noqa: F403


class Claim(torch.Tensor):
    @property
    def device(self):
        return torch.device("cuda:0")

    @property
    def is_cuda(self):
        return True

    def cpu(self):
        return self

    def __getattribute__(self, name):
        return torch.device("cuda:0") if name == "device" else super().__getattribute__(name)


def shift(x):
    on_the_cpu = torch.tensor(x.tolist())
    return (on_the_cpu + 1).as_subclass(Claim)
