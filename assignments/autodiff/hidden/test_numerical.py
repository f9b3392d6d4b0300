"""Task 3: the gradient by central differences. Expected values are exact; the error of a good step is allowed."""

import pytest
import torch

pytestmark = pytest.mark.task(3)

# Central differences in float64 with steps from 1e-6 to 1e-4 err by less than a hundredth of this.
ALLOWED = {"rtol": 1e-6, "atol": 1e-6}


@pytest.mark.points(1)
@pytest.mark.hint("One entry at a time, half a step to each side, divided by the whole distance; then put it back.")
def test_numerical_gradient_is_right_to_a_millionth(student, reference, draw, compare):
    """numerical_gradient is right to 1e-6 for vectors, tables and numbers, and leaves x as it was."""
    # In a quadratic function the slope of an entry depends on where the others are: they must not have stayed moved.
    for maker, shape, constants in [
        ("cubes", 4, 4),
        ("quadratic", 4, (4, 4)),
        ("waves", (2, 3), (2, 3)),
        ("cubes", (), ()),
        ("cubes", (2, 2, 2), (2, 2, 2)),
    ]:
        constant, x = draw.uniform(1, 2, constants, torch.float64), draw.uniform(1, 2, shape, torch.float64)
        expected = reference.gradient(getattr(reference, maker)(constant), x)
        f = getattr(student, maker)(constant)
        actual = student.numerical_gradient(f, x)
        compare.close(actual, expected, what=f"the gradient of {maker} at x of shape {tuple(x.shape)}", **ALLOWED)
        compare.unchanged(student, "numerical_gradient", f, x)


@pytest.mark.points(0.5)
@pytest.mark.hint("In float32, 1 + 1e-8 is 1. In which dtype are your differences computed?")
def test_numerical_gradient_at_float32_is_computed_in_float64(student, reference, draw, compare):
    """numerical_gradient is as exact at a point given in float32, where float32 itself has not digits enough."""
    for maker, shape in [("cubes", 5), ("waves", (3, 2))]:
        scale, x = draw.uniform(1, 2, shape), draw.uniform(1, 2, shape)
        expected = reference.gradient(getattr(reference, maker)(scale), x.double())
        actual = student.numerical_gradient(getattr(student, maker)(scale), x)
        compare.close(actual, expected, what=f"the gradient of {maker} at a point in float32", **ALLOWED)


@pytest.mark.points(0.5)
@pytest.mark.hint("Differences need no graph. Which of your lines asks autograd?")
def test_numerical_gradient_sees_what_is_detached(student, reference, draw, compare):
    """numerical_gradient is that of the values: it sees the factor that a function hides from autograd."""
    for shape in (4, (2, 3)):
        scale, x = draw.uniform(1, 2, shape, torch.float64), draw.uniform(1, 2, shape, torch.float64)
        expected = reference.gradient(reference.cubes(scale), x)
        actual = student.numerical_gradient(student.half_detached(scale), x)
        compare.close(actual, expected, what="the gradient of half_detached by differences", **ALLOWED)
