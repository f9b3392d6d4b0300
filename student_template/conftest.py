"""Runs the public tests with plain pytest: `pytest test_public.py`, wherever PyTorch and pytest are installed.

It gives the tests what they ask for by name. `autograder check` gives them the same in the way of the real grading: in
a process of its own, with limits on time and memory, and with a GPU that is simulated where there is none.
"""

import ast
import importlib
import inspect
import tomllib
from pathlib import Path

import numpy
import pytest
import torch

HERE = Path(__file__).parent
MODULE = tomllib.loads((HERE / "assignment.toml").read_text(encoding="utf-8"))["module"]


def pytest_configure(config):
    config.addinivalue_line("markers", "task(number): the task that a test belongs to")
    config.addinivalue_line("markers", "needs(*names): tests that should pass before this one is worth a look")
    config.addinivalue_line("markers", "hint(sentence): what to look at when the test fails")


class Student:
    """Your module: `student.f` is your `f`."""

    def __init__(self, module):
        self._module = module

    def __getattr__(self, name):
        return getattr(self._module, name)

    def arguments_after(self, function, *args):
        """Call a function, and return its arguments as they are afterwards."""
        getattr(self._module, function)(*args)
        return args

    def gradients(self, network, inputs, wrt="parameters"):
        """Return the gradient of the sum of a network's outputs with respect to each of its parameters, by name."""
        network(*inputs).sum().backward()
        return {name: value.grad for name, value in network.named_parameters() if value.grad is not None}

    def hold(self, value, device="cpu"):
        """Return a tensor on a device."""
        return value.to(device)

    def read_file(self, path):
        """Return the bytes of a file."""
        return Path(path).read_bytes()


def numbers(value):
    """Turn a number, a tensor, an array or a list of them into float64 on the CPU."""
    if hasattr(value, "asnumpy"):  # MXNet's arrays have no other way to NumPy.
        value = value.asnumpy()
    elif hasattr(value, "__array__") and not isinstance(value, torch.Tensor):
        value = numpy.asarray(value)  # PyTorch does not know the variables of other frameworks.
    if not isinstance(value, (list, tuple)):
        return torch.as_tensor(value).detach().cpu().double()
    parts = [numbers(part) for part in value]
    same = all(isinstance(part, torch.Tensor) and part.shape == parts[0].shape for part in parts)
    return torch.stack(parts) if parts and same else parts


class Compare:
    """What the tests claim of your values; `what` says which value it is about."""

    def close(self, actual, expected, rtol=1.3e-6, atol=1e-5, what="the value"):
        def named(message):
            return f"{what}: {message}"

        torch.testing.assert_close(
            numbers(actual), numbers(expected), rtol=rtol, atol=atol, equal_nan=True, msg=named
        )
        return actual

    def shape(self, actual, shape, what="the value"):
        found = tuple(numbers(actual).shape)
        assert found == tuple(shape), f"{what} has shape {found}; it must have shape {tuple(shape)}"
        return actual

    def keys(self, actual, names, what="the value"):
        missing = [name for name in names if name not in actual]
        assert not missing, f"{what} has no key {missing[0]!r}"
        return actual

    def list_of(self, actual, type, length, what="the value"):
        assert isinstance(actual, list), f"{what} must be a list"
        assert all(item.__class__ is type for item in actual), f"{what} must be a list of {type.__name__}"
        assert len(actual) == length, f"{what} must have {length} elements"
        return actual

    def device(self, actual, device, what="the value"):
        assert actual.device.type == device, f"{what} is on {actual.device}; it must be on {device}"
        return actual

    def that(self, condition, sentence):
        assert condition, sentence


class Source:
    """The text of your module."""

    def __init__(self, module):
        self._nodes = list(ast.walk(ast.parse(inspect.getsource(module))))

    def imports(self, package):
        """Is this package, or a part of it, imported anywhere in the module?"""
        names = [alias.name for node in self._nodes if isinstance(node, ast.Import) for alias in node.names]
        names += [node.module or "" for node in self._nodes if isinstance(node, ast.ImportFrom)]
        return package in [name.split(".")[0] for name in names]


@pytest.fixture
def student(tmp_path, monkeypatch):
    module = importlib.import_module(MODULE)
    monkeypatch.chdir(tmp_path)  # What your code writes does not land among your files.
    return Student(module)


@pytest.fixture
def compare():
    return Compare()


@pytest.fixture
def source():
    return Source(importlib.import_module(MODULE))


@pytest.fixture(params=["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"])
def device(request):
    return request.param
