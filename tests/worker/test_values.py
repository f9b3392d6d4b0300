"""What a student's objects become on their way out: exact plain data, whatever they claim about themselves."""

import dataclasses
import enum
import types
from collections import Counter, OrderedDict, namedtuple
from collections.abc import Iterator
from typing import Any

import numpy
import pytest
import torch

from autograder.worker import torch_values, values, wire
from autograder.worker.agent import Agent
from autograder.worker.wire import Array, Handle, TooLarge, WireError

CAP = 2**20


@pytest.fixture
def vault() -> values.Vault:
    return values.Vault(torch_values, CAP)


class Lying(float):
    def __eq__(self, other: object) -> bool:
        return True

    def __float__(self) -> float:
        return 0.0

    __hash__ = float.__hash__


class LyingInt(int):
    def __int__(self) -> int:
        return 0

    def __index__(self) -> int:
        return 0


class LyingText(str):
    def __str__(self) -> str:
        return "lie"


class LyingList(list):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[Any]:
        return iter(["lie"])


class LyingDict(dict):  # type: ignore[type-arg]
    def items(self) -> Any:
        return [("lie", 1)]


class Colour(enum.IntEnum):
    RED = 3


@dataclasses.dataclass
class Point:
    x: float
    y: "Point | None" = None


Pair = namedtuple("Pair", "first second")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Lying(1.5), 1.5),
        (LyingInt(7), 7),
        (LyingText("truth"), "truth"),
        (LyingList([1, 2]), [1, 2]),
        (LyingDict(a=1), {"a": 1}),
        (Colour.RED, 3),
        (True, True),
        (bytearray(b"ab"), b"ab"),
        (Pair(1, 2.0), (1, 2.0)),
        (OrderedDict(a=1), {"a": 1}),
        (Counter("aab"), {"a": 2, "b": 1}),
        (Point(1.0, Point(2.0)), {"x": 1.0, "y": {"x": 2.0, "y": None}}),
        (torch.Size([2, 3]), (2, 3)),
        (torch.float32, "torch.float32"),
        (torch.device("cpu"), "cpu"),
        ({LyingText("key"): LyingInt(1)}, {"key": 1}),
    ],
)
def test_a_value_becomes_exactly_what_it_holds(vault: values.Vault, value: Any, plain: Any) -> None:
    found = vault.flatten(value)
    assert repr(found) == repr(plain)
    assert type(found) is type(plain)


def _generator() -> Iterator[int]:
    yield 1


@pytest.mark.parametrize("value", [{1}, range(3), object(), print, _generator(), torch.nn.Linear(1, 1), types])
def test_what_is_not_plain_data_stays_behind_a_handle(vault: values.Vault, value: Any) -> None:
    handle = vault.flatten(value)
    assert handle == Handle(1, type(value).__name__)
    assert vault.rebuild(handle) is value


def test_forgotten_handles_are_not_given_to_something_else(vault: values.Vault) -> None:
    first = vault.keep("first")
    vault.clear()
    assert vault.keep("second") != first
    with pytest.raises(KeyError):
        vault.resolve(first)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({1: 2}, "key of type int"),
        (numpy.array([object()]), "dtype object"),
        (numpy.array(["text"]), "dtype <U4"),
        (numpy.zeros(1, "datetime64[s]"), "dtype datetime64"),
        (numpy.zeros(1, "f4,i4"), "dtype"),
        (numpy.zeros(1, numpy.longdouble), "dtype float128"),
        (torch.empty(2, device="meta"), "meta device, which has no values"),
        (torch.zeros(2, dtype=torch.float8_e5m2), "float8_e5m2"),
    ],
)
def test_what_has_no_plain_form_is_refused(vault: values.Vault, value: Any, words: str) -> None:
    with pytest.raises(WireError, match=words):
        vault.flatten(value)


def test_a_list_that_contains_itself_is_refused(vault: values.Vault) -> None:
    value: list[Any] = []
    value.append({"inside": value})
    with pytest.raises(WireError, match="contains itself"):
        vault.flatten(value)


@pytest.mark.parametrize("value", [torch.zeros(1).expand(10**12), numpy.broadcast_to(0.0, 10**12)])
def test_size_is_counted_before_an_array_is_copied(vault: values.Vault, value: Any) -> None:
    with pytest.raises(TooLarge):
        vault.flatten(value)


def array_of(value: Any) -> Array:
    found = values.Vault(torch_values, CAP).flatten(value)
    assert type(found) is Array
    return found


@pytest.mark.parametrize("name", sorted(wire.ITEM_SIZES))
def test_a_tensor_of_each_dtype_survives_the_way_out_and_in(name: str) -> None:
    tensor = torch.tensor([[0, 1], [1, 0], [1, 1]]).to(getattr(torch, name))
    array = array_of(tensor)
    assert (array.dtype, array.shape, array.kind) == (name, (3, 2), "tensor")
    assert torch.equal(torch_values.build(array), tensor)


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(6.0).reshape(2, 3).t(),
        torch.arange(6.0)[::2],
        torch.arange(3.0).to_sparse(),
        torch.arange(3.0).expand(2, 3),
        torch.complex(torch.arange(3.0), torch.ones(3)).conj(),
        torch.complex(torch.arange(3.0), torch.ones(3)).conj().imag,
        torch.nn.Parameter(torch.arange(3.0)),
        torch.empty(0, 3),
        torch.tensor(5.0),
    ],
    ids="transposed strided sparse expanded conjugated negated parameter empty scalar".split(),
)
def test_every_layout_arrives_as_its_values_in_c_order(tensor: torch.Tensor) -> None:
    array = array_of(tensor)
    expected = tensor.detach().to_dense() if tensor.layout != torch.strided else tensor.detach()
    assert torch.equal(torch_values.build(array).detach(), expected.resolve_conj().resolve_neg())
    assert array.requires_grad == tensor.requires_grad


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")  # deprecated, and students have it still
def test_a_quantized_tensor_arrives_as_the_numbers_it_stands_for() -> None:
    tensor = torch.quantize_per_tensor(torch.tensor([0.5, 1.0]), 0.5, 0, torch.qint8)
    assert array_of(tensor).dtype == "float32"


def test_a_boolean_byte_is_0_or_1() -> None:
    sevens = torch.tensor([7, 0], dtype=torch.uint8)
    assert array_of(sevens.view(torch.bool)).data == b"\1\0"
    assert array_of(sevens.numpy().view(bool)).data == b"\1\0"


def test_a_tensor_subclass_does_not_answer_for_its_values() -> None:
    class Agreeable(torch.Tensor):
        @classmethod
        def __torch_function__(cls, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if getattr(function, "__name__", "") in ("detach", "cpu", "contiguous", "reshape", "numpy"):
                return torch.ones(2)
            return super().__torch_function__(function, types, args, kwargs or {})

    assert array_of(torch.zeros(2).as_subclass(Agreeable)).data == bytes(8)


def test_an_array_subclass_does_not_answer_for_its_values() -> None:
    class Agreeable(numpy.ndarray):  # type: ignore[type-arg]
        def __array_ufunc__(self, *args: Any, **kwargs: Any) -> Any:
            return numpy.ones(2)

        def astype(self, *args: Any, **kwargs: Any) -> Any:
            return numpy.ones(2)

    assert array_of(numpy.zeros(2, "float32").view(Agreeable)).data == bytes(8)


@pytest.mark.parametrize("value", [numpy.float32(1.5), numpy.int64(3), numpy.bool_(True), numpy.complex128(1j), 1j])
def test_a_scalar_of_numpy_is_an_array_without_dimensions(value: Any) -> None:
    assert array_of(value).shape == ()


def test_big_endian_numbers_keep_their_value() -> None:
    array = array_of(numpy.array([1, 2], ">i4"))
    assert numpy.frombuffer(array.data, "<i4").tolist() == [1, 2]


# The agent, in this process.


def answer(source: str, **request: Any) -> Any:
    module = types.ModuleType("module")
    exec(source, vars(module))
    agent = Agent(torch_values, CAP, module)
    frame = agent.answer({"id": "7", "args": (), "kwargs": {}, "after": False, "op": "call", "target": "f"} | request)
    reply = wire.decode(frame[wire.PREFIX_SIZE :])
    assert reply.pop("id") == "7"
    return reply


def test_a_call_gives_its_value() -> None:
    assert answer("def f(a, b=1): return a + b", args=(2,), kwargs={"b": 3}) == {"value": 5}


def test_a_call_can_give_its_arguments_as_they_are_afterwards() -> None:
    assert answer("def f(a): a.append(1)", args=([0],), after=True) == {"value": ([0, 1],)}


def test_an_exception_is_described_as_text() -> None:
    raised = answer("def f(): raise ValueError('no')")["raised"]
    assert (raised["type"], raised["message"]) == ("ValueError", "no")


@pytest.mark.parametrize("error", ["SystemExit(0)", "KeyboardInterrupt()", "GeneratorExit()", "StopIteration()"])
def test_an_exception_of_any_kind_is_an_answer(error: str) -> None:
    assert answer(f"def f(): raise {error}")["raised"]["type"] == error.partition("(")[0]


def test_a_hostile_message_is_replaced_or_cut() -> None:
    source = """
class Long(Exception):
    def __str__(self): return "a" * 10**6
class Broken(Exception):
    def __str__(self): raise SystemExit
class Text(str):
    def __str__(self): raise SystemExit
    def __len__(self): raise SystemExit
class Subclassed(Exception):
    def __str__(self): return Text("text")
def f(name): raise globals()[name]
"""
    assert len(answer(source, args=("Long",))["raised"]["message"]) <= 4000
    assert answer(source, args=("Broken",))["raised"]["message"] == "(its message could not be printed)"
    assert answer(source, args=("Subclassed",))["raised"]["message"] == "text"


def test_a_missing_name_is_answered_with_the_names_there_are() -> None:
    assert answer("def g(): pass\n_hidden = 1\nVALUE = 2")["missing"] == ["VALUE", "g"]


def test_an_attribute_error_inside_a_function_is_no_missing_name() -> None:
    assert answer("def f(): return object().missing")["raised"]["type"] == "AttributeError"


def test_a_reply_that_is_too_large_says_so() -> None:
    assert "bytes" in answer("def f(): return 'a' * 2**21")["too_large"]


@pytest.mark.parametrize(
    ("wrt", "expected"), [("inputs", [[2.0, 4.0], [3.0, 3.0]]), ([1], [[3.0, 3.0]])], ids=["inputs", "positions"]
)
def test_gradients_are_those_of_the_sum(wrt: Any, expected: list[list[float]]) -> None:
    inputs = (torch.tensor([1.0, 2.0]), torch.tensor([5.0, 6.0]), torch.tensor([1, 2]))
    function = lambda x, y, labels: x**2 + 3 * y  # noqa: E731
    found = torch_values.gradients(function, list(inputs), wrt, None)
    assert [gradient.tolist() for gradient in found] == expected


def test_gradients_are_weighted_and_of_parameters_by_name() -> None:
    linear = torch.nn.Linear(2, 1)
    found = torch_values.gradients(linear, [torch.ones(3, 2)], "parameters", torch.tensor([[1.0], [0.0], [5.0]]))
    assert {name: gradient.tolist() for name, gradient in found.items()} == {"weight": [[6.0, 6.0]], "bias": [6.0]}


def test_a_gradient_of_nothing_is_zero() -> None:
    function = lambda x, y: x * 2  # noqa: E731
    found = torch_values.gradients(function, [torch.ones(2), torch.ones(2)], "inputs", None)
    assert found[1].tolist() == [0.0, 0.0]


def test_gradients_work_where_gradients_are_switched_off() -> None:
    with torch.no_grad():
        (found,) = torch_values.gradients(lambda x: x**2, [torch.tensor([3.0])], "inputs", None)
    assert found.tolist() == [6.0]


def test_switches_and_the_framework_s_generator_are_set_back() -> None:
    state = torch_values.GlobalState()
    state.restore(7)
    expected = torch.rand(3)
    try:
        torch.set_default_dtype(torch.float64)
        torch.set_grad_enabled(False)
        torch.use_deterministic_algorithms(True)
    finally:
        state.restore(7)
    assert torch.get_default_dtype() == torch.float32
    assert torch.is_grad_enabled() and not torch.are_deterministic_algorithms_enabled()
    assert torch.equal(torch.rand(3), expected)
