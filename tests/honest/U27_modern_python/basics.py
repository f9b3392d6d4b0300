"""Type hints, dataclasses, protocols, generics, match statements, f-strings, walrus and letters of many alphabets."""

from __future__ import annotations

import abc
import enum
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Generic, Literal, Protocol, TypeVar, overload

import right
import torch
from right import Line, fit, shift, square_sum  # noqa: F401
from torch import Tensor

T = TypeVar("T", bound="Tensor | float")
π: Final = 3.141592653589793
größe = длина = 長さ = len


class Side(enum.StrEnum):
    LOW = "low"
    HIGH = enum.auto()


class Reducer(Protocol):
    def __call__(self, x: Tensor, /) -> Tensor: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound(Generic[T]):
    side: Side
    reduce: Reducer
    names: ClassVar[tuple[str, ...]] = ("low", "high")
    history: list[float] = field(default_factory=list, compare=False)

    def of(self, x: Tensor) -> float:
        self.history.append(value := float(self.reduce(x)))
        return value


class Base(abc.ABC):
    @abc.abstractmethod
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...

    def __init_subclass__(cls, **kwargs: Any) -> None:
        cls.name = cls.__name__.lower()


class Add(Base):
    def __call__(self, a: Tensor, b: Tensor) -> Tensor:
        match (a.dim(), b.dim()):
            case (1, 1) if größe(a) == длина(b) == 長さ(a):
                return a + b
            case (int(m), int(n)):
                raise ValueError(f"{m=} {n=}")


add = Add()


@overload
def scale(x: Tensor, factor: float) -> Tensor: ...
@overload
def scale(x: float, factor: float) -> float: ...
def scale(x: Any, factor: float) -> Any:
    return (lambda ψ, /, *, λ=1.0: ψ * λ)(x, λ=factor)


@contextmanager
def timed(what: Literal["mean", "summary"]) -> Iterator[None]:
    yield print(f"{what!r:>10} {π:.3f} {'nested ' + f'{what}'}")


def decorated(function: Callable[[Tensor], T]) -> Callable[[Tensor], T]:
    def inner(x: Tensor) -> T:
        with timed("mean"):
            return function(x)

    return inner


@decorated
def mean(x: Tensor) -> Tensor:
    return right.mean(x)


def summary(x: Tensor) -> dict[Side, float]:
    bounds = [Bound(side=Side.LOW, reduce=torch.min), Bound(side=Side.HIGH, reduce=torch.max)]
    return {bound.side: bound.of(x) for bound in bounds}
