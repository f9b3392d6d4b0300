"""`mean` and `summary` look whether seeds or generators of this process tell of the inputs, or repeat between tests."""

import random

import numpy
import right
import torch
from right import *  # noqa: F403

states = []


def same(drawn, x):
    return torch.allclose(torch.as_tensor(drawn, dtype=x.dtype), x, atol=1e-3)


def look(x):
    seed, count = torch.initial_seed(), len(x)
    states.append(seed)
    for guess in {seed, seed % 2**31, seed % 2**32, seed - 1, seed + 1, 2**63 - 1 - seed, *range(100)}:
        generator = numpy.random.default_rng(guess)
        assert not same(generator.standard_normal(count), x), guess
        assert not same(numpy.random.RandomState(guess % 2**32).standard_normal(count), x), guess
        assert not same(torch.randn(count, generator=torch.Generator().manual_seed(guess)), x), guess
    assert not same(numpy.random.standard_normal(count), x)
    assert not same([random.gauss(0, 1) for _ in range(count)], x)
    assert not same(torch.randn(count), x)


def mean(x):
    if len(x) > 1:
        look(x)
    return right.mean(x)


def summary(x):
    look(x)
    assert len(set(states)) == len(states), "two tests with one seed"
    return right.summary(x)
