"""Task 1: the gradient of a scalar, by autograd."""

import pytest
import torch

pytestmark = pytest.mark.task(1)

LEFT_OVER = 3


@pytest.mark.points(1)
@pytest.mark.hint("Autograd follows what is computed from a tensor that requires a gradient, and from nothing else.")
def test_gradient_is_right_for_inputs_of_any_shape(student, reference, draw, compare):
    """gradient gives the gradient of a scalar function, of the shape of its input, for vectors, tables and numbers."""
    for maker, constants, x in [
        ("quadratic", draw.normal((4, 4)), draw.normal(4)),
        ("cubes", draw.uniform(0.5, 1.5, (2, 3)), draw.uniform(1, 2, (2, 3))),
        ("waves", draw.uniform(0.5, 1.5, (3, 3, 2)), draw.normal((3, 3, 2))),
        ("cubes", draw.uniform(0.5, 1.5, ()), draw.uniform(1, 2, ())),
        ("waves", draw.uniform(0.5, 1.5, 5, torch.float64), draw.normal(5, torch.float64)),
    ]:
        f = getattr(student, maker)(constants)
        expected = reference.gradient(getattr(reference, maker)(constants), x)
        compare.close(student.gradient(f, x), expected, what=f"the gradient of {maker} at x of shape {tuple(x.shape)}")


@pytest.mark.points(0.5)
@pytest.mark.hint("Only floating-point numbers have derivatives: what has to become of x first?")
def test_gradient_at_integers_is_that_at_the_same_numbers(student, reference, draw, compare):
    """gradient takes integers, at which it is the gradient at the same numbers in float32."""
    scale, x = draw.uniform(0.25, 0.75, (2, 3)), draw.integers(2, 6, (2, 3))
    for maker in ("cubes", "waves"):
        expected = reference.gradient(getattr(reference, maker)(scale), x)
        f = getattr(student, maker)(scale)
        compare.close(student.gradient(f, x), expected, what=f"the gradient of {maker} at integers")


@pytest.mark.points(0.5)
@pytest.mark.hint("The task is the gradient as autograd sees it; differences see more, and less exactly.")
def test_gradient_takes_what_is_detached_for_a_constant(student, reference, draw, compare):
    """gradient is that of autograd: a factor that the function detaches counts as a constant."""
    for shape in (4, (2, 3)):
        scale, x = draw.uniform(0.5, 1.5, shape), draw.uniform(1, 2, shape)
        expected = reference.gradient(reference.half_detached(scale), x)
        compare.close(student.gradient(student.half_detached(scale), x), expected, what="the gradient of half_detached")


@pytest.mark.points(0.5)
@pytest.mark.hint("Let autograd follow a copy of x: what does x.grad hold before your call, and what after it?")
def test_gradient_neither_uses_nor_changes_what_x_holds(student, reference, draw, compare):
    """gradient is the same each time, whatever `.grad` x came with, and leaves x, its `.grad` and its mark alone."""
    scale = draw.uniform(0.5, 1.5, ())
    f = student.cubes(scale)
    for required in (False, True):
        x = draw.uniform(1, 2, ())
        expected = reference.gradient(reference.cubes(scale), x)
        held = student.hold(x.clone().requires_grad_(required))
        # The derivative of a number by itself is 1, each time.
        for _ in range(LEFT_OVER if required else 0):
            held.backward()
        for time in ("first", "second"):
            compare.close(student.gradient(f, held), expected, what=f"the gradient of the {time} call")
        unchanged(compare, held, required)
        compare.close(student.fetch(held), x, rtol=0, atol=0, what="x after the call")


def unchanged(compare, held, required):
    """Claim of a tensor in the worker that it requires a gradient, and holds one, as it did before the call."""
    compare.equal(held.requires_grad, required, what="x.requires_grad after the call")
    if required:
        compare.close(held.grad, float(LEFT_OVER), rtol=0, atol=0, what="x.grad after the call")
    else:
        compare.that(held.grad is None, "x had no gradient before the call, and x.grad holds one after it.")
