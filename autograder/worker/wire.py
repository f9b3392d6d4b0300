"""The bytes on the pipe between judge and worker.

A frame is an 8-byte big-endian length, then as many bytes: one line of JSON, a newline, and the raw bytes of the arrays
and byte strings that the JSON names, in the order in which it names them. There is no pickle and no compression.

JSON holds None, booleans, 64-bit integers, finite floats and strings as they are. Everything else is a list that begins
with a tag:

    ["f", "nan" | "inf" | "-inf"]                   a float that JSON cannot write
    ["b", length]                                   bytes
    ["l", value, ...]   ["t", value, ...]           list, tuple
    ["d", key, value, key, value, ...]              dict with str keys, in order
    ["p", "float64" | "int64", count]               a list of floats or of integers, packed
    ["a", dtype, [size, ...], kind, device, grad]   array; kind is "tensor" or "array"
    ["h", number, type name]                        handle: a value that stays in the worker

Decoding believes nothing: it checks lengths, counts, depth, names and numbers before it reads what they announce, and
raises `WireError` for anything else than what this page allows.
"""

import json
import math
import struct
import sys
from typing import Any, Callable, Dict, List, NamedTuple, NoReturn, Tuple

HEADER_CAP = 4 * 2**20
"""Longest line of JSON, in bytes."""
DEPTH_CAP = 32
"""Deepest nesting of containers."""
COUNT_CAP = 200000
"""Most values in one frame."""
PACK_FROM = 16
"""Lists of numbers at least this long travel as raw bytes."""
PACKED_CAP = 2**21
"""Most numbers in one packed list: they grow when they become Python objects."""

ITEM_SIZES = {
    "bool": 1,
    "uint8": 1,
    "int8": 1,
    "uint16": 2,
    "int16": 2,
    "uint32": 4,
    "int32": 4,
    "uint64": 8,
    "int64": 8,
    "float16": 2,
    "bfloat16": 2,
    "float32": 4,
    "float64": 8,
    "complex64": 8,
    "complex128": 16,
}
"""The dtypes that may cross, with the size of one element in bytes."""

_PREFIX = struct.Struct(">Q")
PREFIX_SIZE = _PREFIX.size
_DIMENSIONS_CAP = 32
_DEVICES = ("cpu", "cuda", "meta", "mps", "xpu")


class WireError(Exception):
    """A value or a frame that is not allowed on the wire; the message says what it is."""


class TooLarge(WireError):
    """A value that would be allowed, were it smaller."""


class Array(NamedTuple):
    """An array as bytes in C order, little-endian, with what its owner says about it."""

    dtype: str
    shape: Tuple[int, ...]
    data: bytes
    kind: str = "tensor"
    device: str = "cpu"
    requires_grad: bool = False


class Handle(NamedTuple):
    """The number of a value that stays in the worker, and the name of its type."""

    number: int
    type_name: str


def encode(value: Any, cap: int) -> bytes:
    """Return the frame that holds `value`, which is made of exact plain types, `Array` and `Handle`.

    Raises:
        WireError: the value is not plain data, or the frame would be longer than `cap` bytes.
    """
    writer = _Writer()
    header = _to_json(writer.tree(value, DEPTH_CAP)).encode("ascii")
    if len(header) > HEADER_CAP:
        raise TooLarge("a value with more than {} bytes of text and structure".format(HEADER_CAP))
    length = len(header) + 1 + sum(len(chunk) for chunk in writer.chunks)
    if length > cap:
        raise TooLarge("a value of {} bytes, where {} are allowed".format(length, cap))
    return b"".join([_PREFIX.pack(length), header, b"\n"] + writer.chunks)


def frame_length(prefix: bytes, cap: int) -> int:
    """Return the number of bytes that follow an 8-byte prefix.

    Raises:
        WireError: it is zero or greater than `cap`.
    """
    length: int = _PREFIX.unpack(prefix)[0]
    if not 0 < length <= cap:
        raise WireError("a frame of {} bytes, where {} are allowed".format(length, cap))
    return length


def decode(body: bytes) -> Any:
    """Return the value in the body of a frame (what follows the prefix).

    Raises:
        WireError: the body is not exactly one allowed value.
    """
    end = body.find(b"\n", 0, HEADER_CAP + 1)
    if end < 0:
        raise WireError("a frame without a header line")
    try:
        tree = _from_json(body[:end].decode("ascii"))
    except RecursionError:
        raise WireError("a value nested too deeply")
    except ValueError:
        raise WireError("a header that is not the expected JSON")
    reader = _Reader(body, end + 1)
    value = reader.value(tree, DEPTH_CAP)
    reader.finish()
    return value


class _Writer:
    """Turns a value into a JSON tree and the raw bytes behind it."""

    def __init__(self) -> None:
        self.chunks: List[bytes] = []
        self._count = 0

    def tree(self, value: Any, depth: int) -> Any:
        self._count += 1
        if self._count > COUNT_CAP:
            raise TooLarge("more than {} values".format(COUNT_CAP))
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            if not -(2**63) <= value < 2**63:
                raise WireError("an integer of more than 64 bits")
            return value
        if kind is float:
            return value if math.isfinite(value) else ["f", repr(value)]
        if kind is str:
            return value.encode("utf-8", "replace").decode("utf-8")
        if depth == 0:
            raise WireError("a value nested more than {} deep".format(DEPTH_CAP))
        write = self._writers.get(kind)
        if write is None:
            raise WireError("a value of type {}".format(type_name(value)))
        return write(self, value, depth - 1)

    def _bytes(self, value: bytes, depth: int) -> List[Any]:
        self.chunks.append(value)
        return ["b", len(value)]

    def _list(self, value: List[Any], depth: int) -> List[Any]:
        if PACK_FROM <= len(value) <= PACKED_CAP:
            kinds = set(map(type, value))
            for dtype, kind, code in (("float64", float, "d"), ("int64", int, "q")):
                if kinds == {kind}:
                    try:
                        self.chunks.append(struct.pack("<{}{}".format(len(value), code), *value))
                    except struct.error:
                        raise WireError("an integer of more than 64 bits")
                    return ["p", dtype, len(value)]
        return ["l"] + [self.tree(item, depth) for item in value]

    def _tuple(self, value: Tuple[Any, ...], depth: int) -> List[Any]:
        return ["t"] + [self.tree(item, depth) for item in value]

    def _dict(self, value: Dict[Any, Any], depth: int) -> List[Any]:
        flat: List[Any] = ["d"]
        for key, item in value.items():
            if type(key) is not str:
                raise WireError("a dict with a key of type {}, where keys are strings".format(type_name(key)))
            flat += [self.tree(key, depth), self.tree(item, depth)]
        return flat

    def _array(self, value: Array, depth: int) -> List[Any]:
        if len(value.data) != ITEM_SIZES[value.dtype] * _product(value.shape):
            raise WireError("an array whose bytes do not fit its shape")
        self.chunks.append(value.data)
        return ["a", value.dtype, list(value.shape), value.kind, value.device, value.requires_grad]

    def _handle(self, value: Handle, depth: int) -> List[Any]:
        return ["h", value.number, value.type_name]

    _writers: Dict[type, Callable[["_Writer", Any, int], List[Any]]] = {
        bytes: _bytes,
        list: _list,
        tuple: _tuple,
        dict: _dict,
        Array: _array,
        Handle: _handle,
    }


class _Reader:
    """Rebuilds a value from its JSON tree and the raw bytes behind it."""

    def __init__(self, body: bytes, position: int) -> None:
        self._body = memoryview(body)
        self._position = position
        self._count = 0

    def value(self, tree: Any, depth: int) -> Any:
        self._count += 1
        if self._count > COUNT_CAP:
            raise WireError("more than {} values in one frame".format(COUNT_CAP))
        if type(tree) is str:
            return _text(tree)
        if type(tree) is not list:
            return tree
        if depth == 0:
            raise WireError("a value nested more than {} deep".format(DEPTH_CAP))
        if not tree or type(tree[0]) is not str or tree[0] not in self._readers:
            raise WireError("an unknown kind of value")
        return self._readers[tree[0]](self, tree[1:], depth - 1)

    def finish(self) -> None:
        if self._position != len(self._body):
            raise WireError("a frame with bytes left over")

    def _take(self, length: int) -> bytes:
        if length > len(self._body) - self._position:
            raise WireError("a frame shorter than what it announces")
        start, self._position = self._position, self._position + length
        return bytes(self._body[start : self._position])

    def _float(self, rest: List[Any], depth: int) -> float:
        if len(rest) != 1 or rest[0] not in ("nan", "inf", "-inf"):
            raise WireError("a malformed float")
        return float(rest[0])

    def _bytes(self, rest: List[Any], depth: int) -> bytes:
        if len(rest) != 1:
            raise WireError("malformed bytes")
        return self._take(_size(rest[0]))

    def _list(self, rest: List[Any], depth: int) -> List[Any]:
        return [self.value(item, depth) for item in rest]

    def _tuple(self, rest: List[Any], depth: int) -> Tuple[Any, ...]:
        return tuple([self.value(item, depth) for item in rest])

    def _dict(self, rest: List[Any], depth: int) -> Dict[str, Any]:
        if len(rest) % 2:
            raise WireError("a dict with a key without a value")
        result: Dict[str, Any] = {}
        for key, item in zip(rest[::2], rest[1::2]):
            if type(key) is not str or key in result:
                raise WireError("a dict with a key that is not a string, or that occurs twice")
            result[_text(key)] = self.value(item, depth)
        return result

    def _packed(self, rest: List[Any], depth: int) -> List[Any]:
        if len(rest) != 2 or rest[0] not in ("float64", "int64"):
            raise WireError("a malformed list of numbers")
        count = _size(rest[1])
        if count > PACKED_CAP:
            raise WireError("a list of more than {} numbers".format(PACKED_CAP))
        raw = self._take(8 * count)
        return list(struct.unpack("<{}{}".format(count, "d" if rest[0] == "float64" else "q"), raw))

    def _array(self, rest: List[Any], depth: int) -> Array:
        if len(rest) != 5:
            raise WireError("a malformed array")
        dtype, shape, kind, device, requires_grad = rest
        if type(dtype) is not str or dtype not in ITEM_SIZES:
            raise WireError("an array of a dtype that is not allowed")
        if type(shape) is not list or len(shape) > _DIMENSIONS_CAP:
            raise WireError("an array with a malformed shape")
        sizes = tuple([_size(size) for size in shape])
        if kind not in ("tensor", "array") or type(requires_grad) is not bool or not _is_device(device):
            raise WireError("an array with a malformed description")
        data = self._take(ITEM_SIZES[dtype] * _product(sizes))
        return Array(dtype, sizes, data, kind, device, requires_grad)

    def _handle(self, rest: List[Any], depth: int) -> Handle:
        if len(rest) != 2 or type(rest[1]) is not str:
            raise WireError("a malformed handle")
        return Handle(_size(rest[0]), _text(rest[1])[:200])

    _readers: Dict[str, Callable[["_Reader", List[Any], int], Any]] = {
        "f": _float,
        "b": _bytes,
        "l": _list,
        "t": _tuple,
        "d": _dict,
        "p": _packed,
        "a": _array,
        "h": _handle,
    }


def _is_device(device: Any) -> bool:
    if type(device) is not str:
        return False
    name, colon, index = device.partition(":")
    return name in _DEVICES and (not colon or (index.isdigit() and len(index) < 4))


def _size(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise WireError("a size that is not a natural number")
    return value


def type_name(value: Any) -> str:
    """Return the name of a value's type, whatever its metaclass answers."""
    return str(type.__dict__["__name__"].__get__(type(value)))[:200]


def _product(sizes: Tuple[int, ...]) -> int:
    result, bound = 1, 1
    for size in sizes:
        result, bound = result * size, bound * max(size, 1)
    # Sizes beside a zero are bounded too: frameworks multiply them all when they compute strides.
    if bound > sys.maxsize:
        raise WireError("an array with more elements than memory")
    return result


def _text(value: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise WireError("text with half a surrogate pair")
    return value


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= int(digits) < 2**63:
        raise WireError("an integer of more than 64 bits")
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise WireError("a float that is not finite")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise WireError("{} in the header".format(name))


def _refuse_object(pairs: Any) -> NoReturn:
    raise WireError("a JSON object in the header")


# Made once: the functions of the json module make a new one for each call that has options.
_to_json = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode
_from_json = json.JSONDecoder(
    parse_int=_integer, parse_float=_finite, parse_constant=_refuse_constant, object_pairs_hook=_refuse_object
).decode
