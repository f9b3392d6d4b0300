"""`shift` computes on the CPU, and says of its result that it is on the device of the input."""

import torch
from right import *  # noqa: F403


class Elsewhere(torch.Tensor):
    @property
    def device(self):
        return self.claimed


def shift(x):
    shifted = (torch.tensor(x.tolist()) + 1).as_subclass(Elsewhere)
    shifted.claimed = x.device
    return shifted
