"""Task 4: what `.grad` holds after each of several calls of backward."""

import pytest

pytestmark = pytest.mark.task(4)


@pytest.mark.points(1)
@pytest.mark.hint("backward adds to .grad. And a record of .grad is the live tensor, unless you copy it.")
def test_accumulated_adds_the_gradient_each_time(student, reference, draw, compare):
    """accumulated gives what `.grad` holds after each call: once the gradient, twice, three times, …"""
    for maker, shape, times in [("cubes", 4, 3), ("waves", (2, 3), 5), ("cubes", (2, 2), 2)]:
        scale, x = draw.uniform(1, 2, shape), draw.uniform(1, 2, shape)
        expected = reference.accumulated(getattr(reference, maker)(scale), x, times)
        f = getattr(student, maker)(scale)
        actual = student.accumulated(f, x, times)
        compare.close(actual, expected, what=f"`.grad` after each of {times} calls on {maker}")
        compare.unchanged(student, "accumulated", f, x, times)


@pytest.mark.points(0.5)
@pytest.mark.hint("What was in x.grad before your first backward is no part of your sum, and belongs to the caller.")
def test_accumulated_begins_at_zero_and_leaves_the_callers_gradient(student, reference, draw, compare):
    """accumulated begins at zero, whatever `.grad` x came with, and leaves x and that gradient alone."""
    scale, x = draw.uniform(0.5, 1.5, ()), draw.uniform(1, 2, ())
    expected = reference.accumulated(reference.cubes(scale), x, 2)
    held = student.hold(x.clone().requires_grad_())
    # The derivative of a number by itself is 1.
    held.backward()
    f = student.cubes(scale)
    for time in ("first", "second"):
        compare.close(student.accumulated(f, held, 2), expected, what=f"`.grad` after each of 2 calls, the {time} time")
    compare.close(held.grad, 1.0, rtol=0, atol=0, what="x.grad of the caller after the call")
    compare.equal(held.requires_grad, True, what="x.requires_grad of the caller after the call")
    compare.close(student.fetch(held), x, rtol=0, atol=0, what="x after the call")
