"""Questions about the shape of a student's code, answered from its syntax tree."""

import textwrap

import pytest

from autograder.judge.source import Source
from autograder.judge.verdict import Mismatch

SOURCE = """
import torch as t
import torch.nn.functional as F
import sklearn.metrics
from numpy import linalg as la, mean
from torch import nn
from . import helper


def accuracy(net, x):
    def inner():
        return [a for a in x]
    for batch in x:
        while False:
            pass
    return F.relu(mean(la.norm(net(x)).backward()))


class Net(nn.Module, t.nn.Identity):
    async def forward(self, x):
        return t.zeros(3).sum()


def unused(): return "import os; os.system('')"
"""


@pytest.fixture
def source() -> Source:
    return Source(textwrap.dedent(SOURCE))


@pytest.mark.parametrize("package", ["torch", "torch.nn", "sklearn", "sklearn.metrics", "numpy", "torch.nn.functional"])
def test_an_import_is_seen_in_every_form(source: Source, package: str) -> None:
    assert source.imports(package)


@pytest.mark.parametrize("package", ["os", "sk", "sklearn.linear_model", "helper", "nn", "scipy"])
def test_what_is_not_imported_is_not_seen(source: Source, package: str) -> None:
    assert not source.imports(package)


def test_functions_classes_and_methods_are_found_by_name(source: Source) -> None:
    assert source.function("accuracy").name == "accuracy"
    assert source.class_("Net").name == "Net"
    assert source.function("Net.forward").name == "forward"


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("function", "acuracy", "no function named 'acuracy'. Did you mean 'accuracy'?"),
        ("function", "Net", "'Net' is not a function"),
        ("class_", "accuracy", "'accuracy' is not a class"),
        ("function", "Net.backward", "no function named 'Net.backward'"),
        ("class_", "Nett", "no class named 'Nett'. Did you mean 'Net'?"),
    ],
)
def test_what_is_missing_is_a_sentence_for_the_student(source: Source, kind: str, name: str, words: str) -> None:
    with pytest.raises(Mismatch) as failed:
        getattr(source, kind)(name)
    assert words in failed.value.explanation


def test_bases_are_dotted_names_with_aliases_resolved(source: Source) -> None:
    assert source.bases("Net") == ["torch.nn.Module", "torch.nn.Identity"]


def test_loops_are_counted_with_comprehensions_and_inner_functions(source: Source) -> None:
    assert source.loops("accuracy") == 3
    assert source.loops("Net.forward") == 0


def test_calls_are_dotted_names_with_aliases_resolved(source: Source) -> None:
    assert source.calls("accuracy") == {
        *("torch.nn.functional.relu", "numpy.mean", "numpy.linalg.norm", "net", ".backward")
    }
    assert source.calls("Net") == {"torch.zeros", ".sum"}


def test_names_are_what_is_named_without_being_called_too() -> None:
    source = Source("from torch import optim\n\ndef step(theta):\n    return by(optim.SGD, theta)\n")
    assert source.calls("step") == {"by"}
    assert source.names("step") == {"by", "theta", "torch.optim", "torch.optim.SGD"}


def test_nothing_of_the_source_is_run() -> None:
    Source("raise SystemExit\nimport nothing_of_this_name")
