"""What was asked of a submission in one test and what it replied, and when two submissions replied the same.

Requests of one test are the same for every submission as long as the replies are: so two traces that agree to their end
are those of programs that no step of the test tells apart.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy

from autograder.judge.values import unpack
from autograder.worker import wire

__all__ = ["Likeness", "Recorder", "Trace"]

_MOST_BYTES, _MOST_EXCHANGES = 2 * 2**20, 4000
"""How much of one test is kept."""
_RELATIVE, _ABSOLUTE = 2e-4, 2e-6
"""How far two replies may lie apart that differ by rounding alone."""
_TRIVIAL_PART = 840
"""A number is a simple fraction, which many a wrong answer gives, when this many of it are whole."""


@dataclass(frozen=True)
class Trace:
    """Requests and their replies, in order."""

    exchanges: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...]
    size: int
    """In bytes, about."""


class Recorder:
    """Keeps the exchanges of the test that runs."""

    def __init__(self) -> None:
        self._exchanges: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
        self._size = 0

    def add(self, request: Mapping[str, Any], reply: Mapping[str, Any]) -> None:
        """Keep one exchange; with a `reset` the test begins anew, and loading the submission is part of none."""
        if request["op"] == "load":
            return
        if "reset" in request:
            self._exchanges, self._size = [], 0
        self._size += _size(request) + _size(reply)
        if self._is_too_much():
            self._exchanges = []
        else:
            self._exchanges.append((request, reply))

    def take(self) -> Trace | None:
        """Return the test's trace, and begin another."""
        trace = None if self._is_too_much() else Trace(tuple(self._exchanges), self._size)
        self._exchanges, self._size = [], 0
        return trace

    def _is_too_much(self) -> bool:
        return self._size > _MOST_BYTES or len(self._exchanges) >= _MOST_EXCHANGES


class Likeness:
    """Compares two traces of one test, from the first exchange on.

    Numbers agree up to rounding, whatever holds them: a list, an array, a tensor on any device. What each program has
    named for itself need only be used alike: the numbers of handles, and the keys of its dicts, of which the first
    program may have more. Bytes are a file in a format of the program's own, and agree with any.
    """

    def __init__(self, mine: Trace, theirs: Trace) -> None:
        self._pairs: dict[Any, Any] = {}
        self._back: dict[Any, Any] = {}
        self._mine, self._theirs = mine, theirs
        both = zip(mine.exchanges, theirs.exchanges, strict=False)
        self._alike = 0
        for (asked, replied), (asked_too, replied_too) in both:
            if not (self._same(asked, asked_too) and self._same_reply(replied, replied_too)):
                break
            self._alike += 1

    def is_complete(self) -> bool:
        """Do they agree from beginning to end?"""
        return self._alike == len(self._mine.exchanges) == len(self._theirs.exchanges)

    def renamed(self, text: str) -> str:
        """Return a sentence about the first program with the names that the second has for the same things."""
        names = [name for name in self._pairs if isinstance(name, str)]
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, self._pairs[name])
        return text

    def says_much(self) -> bool:
        """Is the second's first reply that differs one that few programs give by chance?

        An exception with its message is, and numbers that are no simple fractions; a lone 0 or NaN is not.
        """
        if self._alike >= len(self._theirs.exchanges):
            return False
        _, reply = self._theirs.exchanges[self._alike]
        if "value" not in reply:
            return "raised" in reply
        parts = {float(number) for number in _numbers(reply["value"]) if math.isfinite(number)}
        plain = {part for part in parts if abs(part * _TRIVIAL_PART - round(part * _TRIVIAL_PART)) < 1e-3}
        return len(parts - plain) > 0 or len(plain) > 4

    def _same_reply(self, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
        if mine.keys() != theirs.keys() or "too_large" in mine:
            return False
        if "value" in mine:
            return self._same(mine["value"], theirs["value"])
        if "raised" in mine:
            return _exception(mine) == _exception(theirs) is not None
        return "missing" in mine or mine == theirs

    def _same(self, mine: Any, theirs: Any) -> bool:
        if isinstance(mine, wire.Handle) or isinstance(theirs, wire.Handle):
            kinds = isinstance(mine, wire.Handle) and isinstance(theirs, wire.Handle)
            return kinds and self._stand_for_each_other(mine.number, theirs.number)
        if isinstance(mine, dict) or isinstance(theirs, dict):
            return isinstance(mine, dict) and isinstance(theirs, dict) and self._same_dicts(mine, theirs)
        if isinstance(mine, bytes) or isinstance(theirs, bytes):
            return isinstance(mine, bytes) and isinstance(theirs, bytes)
        if isinstance(mine, (str, bool)) or mine is None:
            known = isinstance(mine, str) and self._pairs.get(mine) == theirs is not None
            return known or (type(mine) is type(theirs) and mine == theirs)
        numbers, numbers_too = _array(mine), _array(theirs)
        if numbers is not None and numbers_too is not None:
            return _close(numbers, numbers_too)
        if not isinstance(mine, (list, tuple)) or not isinstance(theirs, (list, tuple)) or len(mine) != len(theirs):
            return False
        return all(self._same(part, part_too) for part, part_too in zip(mine, theirs, strict=True))

    def _same_dicts(self, mine: dict[str, Any], theirs: dict[str, Any]) -> bool:
        if theirs.keys() <= mine.keys() and theirs:
            return all(self._same(mine[key], part) for key, part in theirs.items())
        if len(mine) != len(theirs):
            return False
        return all(
            self._stand_for_each_other(key, key_too) and self._same(mine[key], theirs[key_too])
            for key, key_too in zip(mine, theirs, strict=True)
        )

    def _stand_for_each_other(self, mine: Any, theirs: Any) -> bool:
        return bool(self._pairs.setdefault(mine, theirs) == theirs and self._back.setdefault(theirs, mine) == mine)


def _exception(reply: Mapping[str, Any]) -> tuple[Any, Any] | None:
    raised = reply["raised"]
    return (raised.get("type"), raised.get("message")) if isinstance(raised, dict) else None


def _close(mine: Any, theirs: Any) -> bool:
    if mine.shape != theirs.shape:
        return False
    if mine.dtype.kind in "biu" and theirs.dtype.kind in "biu":
        return bool((mine == theirs).all())
    with numpy.errstate(all="ignore"):
        return bool(numpy.allclose(mine, theirs, _RELATIVE, _ABSOLUTE, equal_nan=True))


def _array(value: Any) -> Any:
    """Return numbers as one array; None where the value is anything else."""
    if isinstance(value, wire.Array):
        return unpack(value._replace(kind="array"))
    if isinstance(value, (bool, int, float)):
        return numpy.asarray(value)
    if not isinstance(value, (list, tuple)) or isinstance(value, wire.Handle):
        return None
    if set(map(type, value)) <= {int, float}:
        return numpy.asarray(value)
    parts = [_array(part) for part in value]
    if any(part is None for part in parts) or len({part.shape for part in parts}) != 1:
        return None
    return numpy.stack(parts)


def _numbers(value: Any) -> list[Any]:
    """Return every number in a value that is not complex, in order."""
    array = _array(value)
    if array is not None:
        return list(array.reshape(-1).tolist()) if array.dtype.kind in "iuf" else []
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [number for part in parts for number in _numbers(part)]


def _size(value: Any) -> int:
    if isinstance(value, wire.Array):
        return len(value.data) + 64
    if isinstance(value, (str, bytes)):
        return len(value) + 64
    if isinstance(value, dict):
        return sum(map(_size, value.values())) + 64
    if isinstance(value, (list, tuple)):
        # Long lists are of numbers: wire.py packs nothing else.
        return 32 * len(value) if len(value) > 1000 else sum(map(_size, value)) + 64
    return 32
