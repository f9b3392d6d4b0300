"""Plain values and what tests work with: tensors and arrays, out to the worker and back."""

from typing import Any

import numpy
import pytest
import torch

from autograder.judge.curves import Curves
from autograder.judge.values import device_of, pack, unpack
from autograder.judge.verdict import Mismatch
from autograder.worker import wire


@pytest.mark.parametrize("name", sorted(wire.ITEM_SIZES))
def test_a_tensor_of_each_dtype_comes_back_as_it_was(name: str) -> None:
    tensor = torch.tensor([[0, 1], [1, 1]]).to(getattr(torch, name))
    found = unpack(pack(tensor))
    assert found.dtype == tensor.dtype and torch.equal(found, tensor)


@pytest.mark.parametrize(
    "tensor",
    [torch.eye(3)[:, 1], torch.arange(6).reshape(2, 3).t(), torch.ones(1).expand(4), torch.empty(0, 3)],
    ids=["column", "transposed", "expanded", "empty"],
)
def test_the_layout_of_a_tensor_does_not_matter(tensor: torch.Tensor) -> None:
    assert torch.equal(unpack(pack(tensor)), tensor)


def test_a_tensor_that_requires_grad_is_sent_as_one() -> None:
    assert pack(torch.ones(2, requires_grad=True)).requires_grad
    assert not pack(torch.ones(2)).requires_grad


def test_arrays_of_numpy_stay_arrays() -> None:
    found = unpack(pack(numpy.arange(6).reshape(2, 3)[:, ::2]))
    assert isinstance(found, numpy.ndarray) and found.tolist() == [[0, 2], [3, 5]]
    found[0, 0] = 7  # not a read-only view


@pytest.mark.parametrize(
    "value", [None, True, 1, 1.5, "a", b"a", [1, [2]], (1, (2,)), {"a": [None]}, wire.Handle(1, "Net")]
)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    assert repr(unpack(pack(value))) == repr(value)


@pytest.mark.parametrize("value", [object(), {1, 2}, print, torch.nn.Linear(1, 1), numpy.array(["a"])])
def test_what_cannot_be_sent_is_a_mistake_in_the_suite(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be sent to a submission"):
        pack(value)


def test_a_tensor_remembers_its_device_in_the_worker() -> None:
    assert device_of(unpack(wire.Array("float32", (1,), bytes(4), device="cuda:0"))) == "cuda:0"
    assert device_of(torch.ones(1)) == "cpu"


def test_a_boolean_that_is_neither_0_nor_1_is_true() -> None:
    for kind in ("tensor", "array"):
        found = unpack(wire.Array("bool", (2,), b"\7\0", kind))
        assert found.tolist() == [True, False]
        assert bytes(numpy.asarray(found).view(numpy.uint8)) == b"\1\0"


def test_handles_are_given_to_whoever_knows_what_to_do_with_them() -> None:
    assert unpack([{"net": wire.Handle(3, "Net")}], lambda handle: handle.number) == [{"net": 3}]


def test_curves_are_thinned_and_hold_no_infinity() -> None:
    curves = Curves()
    curves.begin("test_train")
    curves.record("loss", student=torch.arange(1000.0), reference=[1.0, float("inf")])
    (curve,) = curves.recorded
    assert (len(curve.student), curve.student[0], curve.student[-1]) == (200, 0.0, 999.0)
    assert (curve.name, curve.test, curve.reference) == ("loss", "test_train", (1.0, None))
    assert (curve.x[0], curve.x[1], curve.x[-1]) == (0.0, 5.0, 999.0)
    assert curve.reference_x == (0.0, 1.0)


def test_a_line_of_a_figure_is_kept_with_its_places() -> None:
    curves = Curves()
    curves.record("loss", student=[2.0, 1.0], x=[1, float("inf")], reference=[2.0], reference_x=[5], figure="Losses")
    (curve,) = curves.recorded
    assert (curve.figure, curve.x, curve.reference_x) == ("Losses", (1.0, None), (5.0,))


def test_places_that_both_lines_share_are_kept_once() -> None:
    curves = Curves()
    curves.record("loss", student=[2.0, 1.0], reference=[2.0, 1.5])
    assert (curves.recorded[0].x, curves.recorded[0].reference_x) == ((0.0, 1.0), ())


def test_a_line_with_more_values_than_places_fails_the_test() -> None:
    with pytest.raises(Mismatch, match="“loss” has 1 places for 2 values"):
        Curves().record("loss", student=[2.0, 1.0], x=[0.0])


def test_a_curve_of_something_else_fails_the_test_and_not_the_grader() -> None:
    with pytest.raises(Mismatch):
        Curves().record("loss", student="falling")


def test_a_curve_of_complex_numbers_is_refused_and_not_cut_to_its_real_part() -> None:
    with pytest.raises(Mismatch, match="The curve “loss” is complex; it must be real"):
        Curves().record("loss", student=torch.zeros(3, dtype=torch.complex64))


def test_a_submission_records_a_dozen_curves_at_most() -> None:
    curves = Curves()
    for number in range(100):
        curves.record(str(number), student=[1.0])
    assert len(curves.recorded) == 12
