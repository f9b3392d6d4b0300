"""From the student's objects to plain data, and back.

A `Vault` flattens what the student's code returns to exact plain types, arrays and handles, and rebuilds what the
judge sends. Whatever a subclass claims about itself (its comparisons, its arithmetic, its repr) stays behind: only
contents cross.
"""

from typing import Any, Dict, List

import numpy

from . import wire

_STATIC_KINDS = ("i", "u", "f", "c", "b")


class Vault:
    """The values that stay in the worker, by number, and the two directions of translation."""

    def __init__(self, framework: Any, array_cap: int) -> None:
        """`framework` translates the runtime's own tensors (see `torch_values`), or is None; `array_cap` is in
        bytes.
        """
        self._framework = framework
        self._cap = array_cap
        self._kept: Dict[int, Any] = {}
        self._next = 1

    def clear(self) -> None:
        """Forget every kept value; numbers are not used again."""
        self._kept.clear()

    def keep(self, value: Any) -> wire.Handle:
        """Keep a value and return its handle."""
        number, self._next = self._next, self._next + 1
        self._kept[number] = value
        return wire.Handle(number, wire.type_name(value))

    def resolve(self, handle: wire.Handle) -> Any:
        """Return the value behind a handle."""
        return self._kept[handle.number]

    def rebuild(self, value: Any) -> Any:
        """Turn what the judge sent into what the student's code expects: tensors, arrays, kept values."""
        kind = type(value)
        if kind is wire.Handle:
            return self.resolve(value)
        if kind is wire.Array:
            if value.kind == "tensor" and self._framework is not None:
                return self._framework.build(value)
            return numpy_array(value)
        if kind is list:
            return [self.rebuild(item) for item in value]
        if kind is tuple:
            return tuple([self.rebuild(item) for item in value])
        if kind is dict:
            return {key: self.rebuild(item) for key, item in value.items()}
        return value

    def flatten(self, value: Any, depth: int = wire.DEPTH_CAP) -> Any:
        """Turn a value of the student's into plain data; what is not plain data is kept, and its handle returned.

        Raises:
            wire.WireError: an array of a dtype that cannot cross, or that is too large, a dict with other keys than
            strings,
                or a value that is nested too deeply or contains itself.
        """
        if depth == 0:
            raise wire.WireError("a value that is nested more than {} deep, or contains itself".format(wire.DEPTH_CAP))
        kind = type(value)
        if value is None or kind in (bool, str, bytes, wire.Handle):
            return value
        if issubclass(kind, int):
            return int.__int__(value)
        if issubclass(kind, float):
            return float.__float__(value)
        if issubclass(kind, str):
            return str.__str__(value)
        if issubclass(kind, (bytes, bytearray)):
            return bytes(memoryview(value))
        if issubclass(kind, (numpy.ndarray, numpy.generic)):
            return plain_array(value, self._cap)
        if issubclass(kind, complex):
            return plain_array(
                numpy.complex128(complex.__complex__(value) if kind is not complex else value), self._cap
            )
        if self._framework is not None and self._framework.owns(value):
            return self._framework.flatten(value, self._cap)
        return self._flatten_container(value, kind, depth)

    def _flatten_container(self, value: Any, kind: type, depth: int) -> Any:
        if issubclass(kind, list):
            return [self.flatten(item, depth - 1) for item in list.__iter__(value)]
        if issubclass(kind, tuple):
            return tuple([self.flatten(item, depth - 1) for item in tuple.__iter__(value)])
        if issubclass(kind, dict):
            return self._flatten_items(dict.items(value), depth)
        fields = kind.__dict__.get("__dataclass_fields__")
        if type(fields) is dict:
            return self._flatten_items([(name, getattr(value, name)) for name in fields], depth)
        return self.keep(value)

    def _flatten_items(self, items: Any, depth: int) -> Dict[str, Any]:
        result = {}
        for key, item in items:
            if not isinstance(key, str):
                raise wire.WireError("a dict with a key of type {}, where keys are strings".format(wire.type_name(key)))
            result[str.__str__(key)] = self.flatten(item, depth - 1)
        return result


def plain_array(value: Any, cap: int) -> wire.Array:
    """Return a NumPy array or scalar, or one of a subclass, as a `wire.Array` of kind `array`.

    Raises:
        wire.WireError: its dtype cannot cross, or it takes more than `cap` bytes.
    """
    # A subclass may answer through overridden methods; the base class's view has the bytes.
    plain = numpy.ndarray.view(value, numpy.ndarray) if isinstance(value, numpy.ndarray) else numpy.asarray(value)
    name = plain.dtype.name
    # NumPy knows bfloat16 from frameworks, as a kind of its own.
    if name not in wire.ITEM_SIZES or (plain.dtype.kind not in _STATIC_KINDS and name != "bfloat16"):
        raise wire.WireError("an array of dtype {}, where only numbers and booleans can be graded".format(plain.dtype))
    if plain.size * plain.dtype.itemsize > cap:
        raise wire.TooLarge("an array of {} bytes, where at most {} can be graded".format(plain.nbytes, cap))
    if plain.dtype.kind == "b":
        plain = plain.view(numpy.uint8) != 0
    shape = tuple([int(size) for size in plain.shape])
    little = plain if name == "bfloat16" else plain.astype(plain.dtype.newbyteorder("<"), copy=False)
    return wire.Array(name, shape, little.tobytes(), kind="array")


def numpy_array(array: wire.Array) -> Any:
    """Return what the judge sent as a NumPy array of its own."""
    return numpy.frombuffer(array.data, dtype=array.dtype).reshape(array.shape).copy()


def stay(value: Any, device: str) -> Any:
    """Return a value as it is, in a framework that has only the CPU here."""
    return value


def positions(inputs: List[Any], wrt: Any) -> List[int]:
    """Return the positions of the inputs that gradients are asked for; "inputs" are all of floating-point numbers.

    Raises:
        TypeError: gradients for a module's parameters are asked for, which only PyTorch's worker can give.
    """
    if wrt == "parameters":
        raise TypeError("gradients for all parameters of a module can be asked for in PyTorch only")
    if wrt == "inputs":
        return [i for i, x in enumerate(inputs) if "float" in str(getattr(x, "dtype", ""))]
    return list(wrt)


def describe(error: BaseException, folder: str) -> Dict[str, Any]:
    """Return an exception as plain text: name of its type, message, and the student's own lines of its traceback.

    The exception is the student's object: its `str` may raise, answer forever or at length. The judge's deadline
    bounds the time, this function the length.
    """
    try:
        message = str(error)
        if type(message) is not str:
            message = str.__str__(message)
    except BaseException:
        message = "(its message could not be printed)"
    lines: List[str] = []
    trace = error.__traceback__
    while trace is not None and len(lines) < 200:
        frame = trace.tb_frame
        file = frame.f_code.co_filename
        if folder and file.startswith(folder):
            lines.append("{}, line {}, in {}".format(file[len(folder) :], trace.tb_lineno, frame.f_code.co_name)[:300])
        trace = trace.tb_next
    if len(lines) > 12:
        lines = lines[:6] + ["..."] + lines[-6:]
    return {"type": wire.type_name(error), "message": message[:4000], "trace": lines}
