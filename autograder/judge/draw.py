"""Hidden inputs: what tests call `draw`.

The same for every student on the same attempt, new on the next, and never a constant that can be looked up.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import TypeVar

import numpy
import torch

__all__ = ["Draw", "seed_for"]

T = TypeVar("T")


def seed_for(secret: bytes, *names: str) -> int:
    """Return a seed of 63 bits: HMAC-SHA256 of the names under the course's secret."""
    return int.from_bytes(hmac.digest(secret, "\0".join(names).encode(), hashlib.sha256)[:8], "big") >> 1


class Draw:
    """A generator of hidden inputs. Shapes are an int or a sequence of ints; results are CPU tensors."""

    def __init__(self, seed: int) -> None:
        self._generator = numpy.random.Generator(numpy.random.PCG64(seed))

    def normal(self, shape: int | Sequence[int], dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """Draw from the standard normal distribution."""
        return torch.as_tensor(self._generator.standard_normal(shape)).to(dtype)

    def uniform(
        self, low: float, high: float, shape: int | Sequence[int], dtype: torch.dtype = torch.float32
    ) -> torch.Tensor:
        """Draw uniformly from [low, high)."""
        return torch.as_tensor(self._generator.uniform(low, high, shape)).to(dtype)

    def integers(self, low: int, high: int, shape: int | Sequence[int]) -> torch.Tensor:
        """Draw integers uniformly from low, …, high - 1, as int64."""
        return torch.as_tensor(self._generator.integers(low, high, shape, dtype=numpy.int64))

    def permutation(self, n: int) -> torch.Tensor:
        """Draw a permutation of 0, …, n - 1, as int64."""
        return torch.as_tensor(self._generator.permutation(n))

    def choice(self, sequence: Sequence[T]) -> T:
        """Draw one element of a sequence."""
        return sequence[int(self._generator.integers(len(sequence)))]

    def seed(self) -> int:
        """Draw an integer of 31 bits, to seed something with."""
        return int(self._generator.integers(2**31))
