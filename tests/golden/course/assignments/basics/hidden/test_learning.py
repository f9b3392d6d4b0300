"""Gradients, modules, devices and training."""

import pytest
import torch

pytestmark = [pytest.mark.task(2), pytest.mark.points(1)]


def test_gradient_of_square_sum(student, draw, compare):
    """The gradient of the sum of squares is twice the input."""
    x = draw.normal(20)
    (gradient,) = student.gradients(student.square_sum, (x,))
    compare.close(gradient, 2 * x, what="the gradient")


def test_line(student, draw, compare):
    """A line computes weight * x + bias."""
    weight, bias, x = draw.normal(1), draw.normal(1), draw.normal(20)
    line = student.Line(weight, bias)
    compare.close(line(x), weight * x + bias)
    compare.close(line.weight, weight, what="the attribute weight")


def test_gradients_of_line(student, draw, compare):
    """Weight and bias of a line get their gradients."""
    weight, bias, x = draw.normal(1), draw.normal(1), draw.normal(20)
    gradients = student.gradients(student.Line(weight, bias), (x,), wrt="parameters")
    compare.keys(gradients, ["weight", "bias"])
    compare.close(gradients["weight"], x.sum().reshape(1), what="the gradient of weight")
    compare.close(gradients["bias"], torch.tensor([20.0]), what="the gradient of bias")


def test_shift(student, draw, compare, device):
    """Each element is one greater, on the device of the input."""
    x = draw.normal(20)
    shifted = student.shift(student.hold(x, device))
    compare.device(shifted, device)
    compare.close(shifted, x + 1)


def test_fit(student, draw, compare):
    """Gradient descent finds the line that the points lie on."""
    weight, bias, x = draw.uniform(1, 2, 1), draw.uniform(-1, 1, 1), draw.uniform(-2, 2, 50)
    y = weight * x + bias
    found = student.fit(x, y, 100)
    compare.that(isinstance(found, tuple) and len(found) == 2, "`fit` must return a tuple (weight, bias).")
    learned_weight, learned_bias = compare.shape(found[0], (1,), "weight"), compare.shape(found[1], (1,), "bias")
    error = ((learned_weight * x + learned_bias - y) ** 2).mean()
    compare.that(bool(error < 1e-3), "After 100 steps the line is still far from the points.")
