"""Every runtime for real: its attacks are held, its answers compute, and what a test left behind is gone."""

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy
import pytest
import torch

from autograder.assemble import Job
from autograder.assignment import Limits, load
from autograder.grading import Pool
from autograder.judge.values import pack, unpack
from autograder.result import Result
from autograder.sandbox import selftest
from autograder.sandbox.base import Bounds
from autograder.sandbox.bubblewrap import find_recipe, try_out
from autograder.sandbox.runtime import NAMES, OWN
from autograder.sandbox.zygote import Recipe, ZygoteSandbox
from autograder.submission import Submission

pytestmark = pytest.mark.runtime

SECRET = b"the secret of a course for tests"
OTHERS = [name for name in NAMES if name != OWN]

DERIVATIVES = {
    "torch": """
        import torch
        def slope(x):
            x = torch.tensor(x, requires_grad=True)
            (x**2).sum().backward()
            return x.grad
    """,
    "jax": """
        import jax
        def slope(x):
            return jax.grad(lambda x: (x**2).sum())(x)
    """,
    "tensorflow": """
        import tensorflow as tf
        def slope(x):
            x = tf.Variable(x)
            with tf.GradientTape() as tape:
                y = tf.reduce_sum(x**2)
            return tape.gradient(y, x)
    """,
    "keras": """
        import keras, jax
        def slope(x):
            return jax.grad(lambda x: keras.ops.sum(keras.ops.square(x)))(x)
    """,
    "mxnet": """
        import mxnet as mx
        def slope(x):
            x = mx.nd.array(x)
            x.attach_grad()
            with mx.autograd.record():
                y = (x**2).sum()
            y.backward()
            return x.grad
    """,
    "cntk": """
        import cntk as C
        def slope(x):
            v = C.input_variable(x.shape, needs_gradient=True)
            return C.reduce_sum(C.square(v)).grad({v: [x]})[0]
    """,
}
RANDOM = {
    "jax": "import jax, numpy\ndef drawn(): return numpy.random.rand(3)",
    "tensorflow": "import tensorflow as tf\ndef drawn(): return tf.random.normal((3,))",
    "keras": "import keras\ndef drawn(): return keras.random.normal((3,))",
    "mxnet": "import mxnet as mx\ndef drawn(): return mx.nd.random.normal(shape=(3,))",
    "cntk": "import cntk as C\ndef drawn(): return C.random.normal((3,)).eval()",
}


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(os.environ["AUTOGRADER_RUNTIMES"])


@pytest.fixture(scope="module", params=OTHERS)
def sandbox(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[str, ZygoteSandbox]]:
    """A zygote of each runtime, with the runtime's name."""
    with closing(find_recipe(request.param, folder).start()) as sandbox:
        yield request.param, sandbox


Sandboxed = tuple[str, ZygoteSandbox]


def replies(sandbox: ZygoteSandbox, source: str, *calls: tuple[str, list[object], int]) -> list[object]:
    with closing(sandbox.open(Bounds.of(Limits()))) as session:
        load = {"op": "load", "module": "m", "files": {"m.py": source.encode()}, "device": "cpu"}
        assert session.call(load, 60.0) == {"value": None}
        found = []
        for function, args, seed in calls:
            request = {"op": "call", "target": function, "args": pack(args), "kwargs": {}, "after": False}
            reply = session.call({**request, "reset": seed}, 120.0)
            assert "value" in reply, reply
            found.append(unpack(reply["value"]))
        return found


@pytest.mark.parametrize("name", OTHERS)
def test_every_attack_is_held(name: str, folder: Path) -> None:
    _, attacks = try_out(name, folder)
    assert len(attacks) > 10 and selftest.broken(attacks) == ""


def test_tensors_come_back_as_arrays_from_one_worker_after_another(sandbox: Sandboxed) -> None:
    name, zygote = sandbox
    source = "\n".join(line[8:] for line in DERIVATIVES[name].splitlines())
    x = numpy.array([2.0, -3.0, 0.5], "float32")
    for _ in range(3):
        (found,) = replies(zygote, source, ("slope", [x], 1))
        assert isinstance(found, numpy.ndarray) and found.dtype == numpy.float32
        assert numpy.allclose(found, 2 * x)


def test_each_test_begins_with_its_seed(sandbox: Sandboxed) -> None:
    name, zygote = sandbox
    first, second, again = replies(zygote, RANDOM[name], *[("drawn", [], seed) for seed in (1, 2, 1)])
    (elsewhere,) = replies(zygote, RANDOM[name], ("drawn", [], 1))
    assert numpy.array_equal(first, again) and numpy.array_equal(first, elsewhere)
    assert not numpy.array_equal(first, second)


def test_gradients_are_taken_where_functions_have_them(sandbox: Sandboxed) -> None:
    name, zygote = sandbox
    with closing(zygote.open(Bounds.of(Limits()))) as session:
        files = {"m.py": b"def f(x, y): return x * x * y"}
        assert session.call({"op": "load", "module": "m", "files": files, "device": "cpu"}, 60.0) == {"value": None}
        x, y = torch.tensor([2.0, -1.0]), torch.tensor([3.0, 4.0])
        for inputs in ([x, y], [x.numpy(), y.numpy()]):
            request = {"op": "gradients", "target": "f", "inputs": pack(inputs), "wrt": "inputs", "v": pack(inputs[1])}
            reply = session.call(request, 60.0)
            if name == "cntk":
                assert "gradients of a function cannot be taken in CNTK" in reply["raised"]["message"]
                continue
            by_x, by_y = unpack(reply["value"])
            assert numpy.allclose(by_x, 2 * x * y * y) and numpy.allclose(by_y, x * x * y)


POLICY = """
import {name}
from {name}{keras} import config, layers, mixed_precision
def leaves(): config.set_floatx("float64"); layers.Dense(2); mixed_precision.set_global_policy("mixed_bfloat16")
def sees(): return layers.Dense(2).compute_dtype == layers.Dense(2).variable_dtype == config.floatx() == "float32"
"""


@pytest.mark.parametrize(("sandbox", "keras"), [("keras", ""), ("tensorflow", ".keras")], indirect=["sandbox"])
def test_a_dtype_policy_that_a_test_left_behind_is_gone(sandbox: Sandboxed, keras: str) -> None:
    name, zygote = sandbox
    source = POLICY.format(name=name, keras=keras)
    assert replies(zygote, source, ("leaves", [], 1), ("sees", [], 2))[1] is True


def test_a_worker_sees_no_package_of_the_grader_s(sandbox: Sandboxed) -> None:
    _, zygote = sandbox
    source = """
import importlib
def there(names):
    found = []
    for name in names:
        try:
            importlib.import_module(name)
            found.append(name)
        except ImportError:
            pass
    return found
"""
    (found,) = replies(zygote, source, ("there", [["torch", "pytest", "autograder", "pip", "setuptools", "numpy"]], 1))
    assert found == ["numpy"]


@pytest.fixture
def grade(recipe: Recipe, folder: Path, tiny_course: Callable[..., Path]) -> Iterator[Callable[[str], Result]]:
    """Grade an answer to an exercise that is open to every runtime."""
    tests = """
        @pytest.mark.task(1)
        @pytest.mark.points(1)
        def test_slope(student, draw, compare):
            '''The slope is right.'''
            x = draw.normal(4).numpy()
            compare.close(student.slope(x), 2 * x)
    """
    assignment = load(tiny_course(tests, settings=f"runtimes = {list(NAMES)}"), "tiny")
    with closing(Pool({OWN: recipe}, SECRET, slots=1, find=functools.partial(find_recipe, folder=folder))) as pool:

        def grade(source: str) -> Result:
            text = "\n".join(line[8:] for line in source.splitlines()) if source.startswith("\n") else source
            submission = Submission(student="ada", files={"tiny.py": text.encode()}, digest="0" * 64)
            (result,) = pool.grade_many([Job(assignment, submission, 1)])
            return result

        yield grade


def test_one_suite_grades_every_framework(grade: Callable[[str], Result]) -> None:
    assert {name: grade(source).points for name, source in DERIVATIVES.items()} == dict.fromkeys(NAMES, 1)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import keras\ndef slope(x): return keras.datasets.mnist.load_data()", "There is no network"),
        ("import mxnet as mx\ndef slope(x): return mx.test_utils.get_mnist()", "There is no network"),
        ("import mxnet as mx\ndef slope(x): return mx.nd.array(x, ctx=mx.gpu(0))", "There is no GPU"),
        ("import jax\ndef slope(x): return jax.device_put(x, jax.devices('gpu')[0])", "There is no GPU"),
        ("import cntk as C\ndef slope(x): C.device.try_set_default_device(C.device.gpu(0))", "There is no GPU"),
        (
            "import cntk as C\ndef slope(x): C.train.distributed.mpi_communicator()",
            "ended its process (signal 6, SIGABRT)",
        ),
    ],
)
def test_what_a_framework_cannot_do_here_is_a_sentence(grade: Callable[[str], Result], source: str, words: str) -> None:
    (test,) = grade(source).tests
    assert words in f"{test.explanation} {test.cause}", "what the student is told, where and why"
    assert "CALL STACK" not in test.explanation
