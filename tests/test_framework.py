"""Which runtime an answer is for, read from what its files import."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import load
from autograder.errors import SandboxUnavailable, SubmissionError
from autograder.framework import first_runtimes, runtime_for
from autograder.sandbox.runtime import NAMES
from autograder.submission import Submission

ALL = ("torch", "jax", "tensorflow", "keras", "mxnet", "cntk")


def answer(source: str, **others: str) -> Submission:
    files = {"answer.py": source.encode(), **{f"{name}.py": text.encode() for name, text in others.items()}}
    return Submission(student="ada", files=files, digest="0" * 64)


def chosen(source: str, *runtimes: str, **others: str) -> str:
    return runtime_for(runtimes or ALL, answer(source, **others), "answer")


def test_every_runtime_can_be_chosen() -> None:
    assert ALL == NAMES
    for name in ALL:
        assert chosen(f"import numpy\nimport {name}\n") == name


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import jax.numpy as jnp", "jax"),
        ("from jax import grad", "jax"),
        ("def f():\n    import mxnet as mx", "mxnet"),
        ("try:\n    import cntk as C\nexcept ImportError:\n    raise", "cntk"),
        ("import keras", "keras"),
        ("import keras, jax", "keras"),
        ("import keras\nimport tensorflow as tf", "tensorflow"),
        ("from tensorflow import keras", "tensorflow"),
        ("import jax, optax, sklearn", "jax"),
    ],
)
def test_the_imports_say_which(source: str, name: str) -> None:
    assert chosen(source) == name


def test_keras_is_had_with_tensorflow_where_the_exercise_is_open_to_that_alone() -> None:
    assert chosen("import keras", "torch", "tensorflow") == "tensorflow"


def test_a_helper_s_imports_count_where_it_is_imported() -> None:
    assert chosen("import helper", helper="import jax") == "jax"
    assert chosen("from . import helper", helper="import jax") == "jax"
    assert chosen("from .helper import f", helper="import jax") == "jax"
    assert chosen("import mxnet", old_try="import jax") == "mxnet"
    assert chosen("import jax, helper", helper="import torch_tools") == "jax"


def test_imports_are_followed_into_packages() -> None:
    package = {"mine/__init__": "", "mine/core": "import mxnet", "mine/deep/__init__": "from ..core import f"}
    assert chosen("from mine.core import f", **package) == "mxnet"
    assert chosen("import mine.core", **package) == "mxnet"
    assert chosen("from mine import core", **package) == "mxnet"
    assert chosen("from .mine import core", **package) == "mxnet"
    assert chosen("import mine.deep", **package) == "mxnet"
    assert chosen("import mine", **{"mine/__init__": "from jax import numpy"}) == "jax"
    with pytest.raises(SubmissionError, match="imports no framework"):
        chosen("import mine", **package)


def test_a_helper_that_cannot_be_read_is_named_where_it_might_have_said_which() -> None:
    with pytest.raises(SubmissionError, match=r"`helper\.py` is not valid Python"):
        chosen("from helper import f", helper="import jax\ndef f(x) return x\n")
    assert chosen("import jax, helper", helper="def f(x) return x\n") == "jax"


def test_a_file_of_one_s_own_is_no_framework() -> None:
    assert chosen("import jax, keras", keras="x = 1") == "jax"


@pytest.mark.parametrize("source", ["import torch, jax", "import mxnet\nimport cntk", "import keras, tensorflow, jax"])
def test_two_frameworks_are_refused_with_what_may_stand_together(source: str) -> None:
    with pytest.raises(SubmissionError, match=r"`answer\.py` imports .* and .*not there together.*keras may.*Keep one"):
        chosen(source)


def test_keras_with_a_backend_that_it_does_not_have_here_is_refused() -> None:
    with pytest.raises(SubmissionError, match="keras and torch, which are not there together"):
        chosen("import keras, torch")


def test_a_framework_that_the_exercise_does_not_list_is_one_sentence() -> None:
    with pytest.raises(SubmissionError) as refused:
        chosen("import tensorflow", "torch", "jax")
    assert str(refused.value) == (
        "`answer.py` imports tensorflow, and this exercise is to be solved with torch or jax. "
        "Write it with that, and hand in again."
    )


def test_an_answer_that_imports_none_is_told_to_import_one() -> None:
    with pytest.raises(SubmissionError, match=r"imports no framework.*with torch, jax or mxnet\. Import the one"):
        chosen("import numpy", "torch", "jax", "mxnet")


def test_where_there_is_one_runtime_an_answer_need_not_name_it() -> None:
    assert chosen("import numpy", "jax") == "jax"
    assert chosen("import tensorflow", "torch") == "torch", "its import says what is missing, as ever"


def test_runtimes_of_which_one_is_needed_for_sure_are_started_first(
    tiny_course: Callable[..., Path], tmp_path: Path
) -> None:
    several = load(tiny_course("", settings='runtimes = ["jax", "cntk"]'), "tiny")
    one = load(tiny_course("", settings='runtime = "jax"', slug="one"), "one")
    assert first_runtimes([several, one], tmp_path) == ["torch"]
    (tmp_path / "jax").mkdir()
    (tmp_path / "jax" / "runtime.json").write_text("{}")
    assert first_runtimes([several, one], tmp_path) == ["jax"]
    assert first_runtimes([several], tmp_path) == ["torch"]


def test_a_runtime_that_does_not_exist_is_named_before_anything_is_graded(tiny_course: Callable[..., Path]) -> None:
    assignment = load(tiny_course("", settings='runtimes = ["jax", "tensorflo"]'), "tiny")
    with pytest.raises(SandboxUnavailable, match=r"no runtime 'tensorflo'.*assignment\.toml may name: torch, jax"):
        first_runtimes([assignment], None)
