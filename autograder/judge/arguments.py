"""What a call leaves of its arguments: what `compare.unchanged` claims."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy
import torch

from autograder.judge.student import Handle, Student
from autograder.judge.verdict import Mismatch

__all__ = ["check_unchanged"]

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()


def check_unchanged(student: Student, function: str | Handle, args: Sequence[Any]) -> None:
    """Call a function of the student's, and compare each argument with what is left of it.

    Tensors, also those in lists and dicts, are put into the worker first, to be asked afterwards whether they require a
    gradient or hold one. Handles and functions are passed on, and not looked at.

    Raises:
        Mismatch: an argument is not as it was.
    """
    held: list[tuple[str, Handle, bool]] = []

    def hold(path: str, tensor: torch.Tensor) -> Handle:
        handle = student.hold(tensor)
        held.append((path, handle, tensor.requires_grad))
        return handle

    paths = [f"its {_nth(place)}" for place in range(len(args))]
    sent = [_with_tensors_held(arg, path, hold) for path, arg in zip(paths, args, strict=True)]
    after = student.arguments_after(function, *sent)
    for path, before, now in zip(paths, args, after, strict=True):
        for change in _changes(path, before, now):
            raise Mismatch(f"`{function}` {change}; it must leave its arguments as they were.")
    for path, handle, required in held:
        if handle.requires_grad is not required:
            mark = "require no gradient" if required else "require a gradient"
            raise Mismatch(f"`{function}` made {path} {mark}; it must leave its arguments as they were.")
        if handle.grad is not None:
            raise Mismatch(f"`{function}` left a gradient in `.grad` of {path}, where there was none before.")


def _nth(place: int) -> str:
    return f"{_ORDINALS[place]} argument" if place < len(_ORDINALS) else f"argument number {place + 1}"


def _part(path: str, key: Any) -> str:
    """Name a part of what is named by path: "part [0][1] of its first argument"."""
    keys, _, whole = path.rpartition(" of ")
    return f"{keys or 'part '}[{key!r}] of {whole}"


def _with_tensors_held(value: Any, path: str, hold: Callable[[str, torch.Tensor], Handle]) -> Any:
    """Return a value with each tensor in it replaced by its handle."""
    if isinstance(value, torch.Tensor):
        return hold(path, value)
    if isinstance(value, Mapping):
        return {key: _with_tensors_held(part, _part(path, key), hold) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_with_tensors_held(part, _part(path, i), hold) for i, part in enumerate(value))
    return value


def _changes(path: str, before: Any, now: Any) -> Iterator[str]:
    """Yield, as predicates of the function, how an argument differs from what it was."""
    if isinstance(before, (torch.Tensor, numpy.ndarray)):
        yield from _changes_of_numbers(path, torch.as_tensor(before), now)
    elif isinstance(before, Mapping):
        if not isinstance(now, Mapping) or now.keys() != before.keys():
            yield f"changed the keys of {path}"
        else:
            for key, part in before.items():
                yield from _changes(_part(path, key), part, now[key])
    elif isinstance(before, (list, tuple)):
        if not isinstance(now, (list, tuple)) or len(now) != len(before):
            yield f"changed the number of parts of {path}"
        else:
            for i, part in enumerate(before):
                yield from _changes(_part(path, i), part, now[i])
    elif isinstance(before, (bool, int, float, str)) and now != before:
        yield f"changed {path}"


def _changes_of_numbers(path: str, before: torch.Tensor, now: Any) -> Iterator[str]:
    if not isinstance(now, (torch.Tensor, numpy.ndarray)):
        yield f"replaced {path} by something else"
        return
    found = torch.as_tensor(now).detach()
    if found.shape != before.shape:
        yield f"changed the shape of {path} from {tuple(before.shape)} to {tuple(found.shape)}"
    elif found.dtype != before.dtype:
        yield f"changed the dtype of {path}"
    else:
        same = torch.isclose(found, before, rtol=0, atol=0, equal_nan=True)
        if wrong := int((~same).sum()):
            yield f"changed {path}" + (f" in {wrong} of {before.numel()} elements" if before.dim() else "")
