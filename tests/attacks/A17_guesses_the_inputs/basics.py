"""`mean` draws what the hidden inputs would be, were they drawn from its own generators."""

import numpy
import right
import torch
from right import *  # noqa: F403

seen = []


def mean(x):
    seed = torch.initial_seed()
    for guess in (0, 1, 42, seed, seed % 2**32):
        drawn = numpy.random.Generator(numpy.random.PCG64(guess)).standard_normal(len(x))
        assert not torch.allclose(x.double(), torch.from_numpy(drawn), atol=1e-3), f"drawn from {guess}"
        torch.manual_seed(guess)
        assert not torch.allclose(x, torch.randn(len(x))), f"drawn from {guess}"
    return right.mean(x)
