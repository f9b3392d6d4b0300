"""Task 3: a sum made on the device comes back, and its arguments stay where they are."""

import pytest

pytestmark = pytest.mark.task(3)


@pytest.mark.points(1)
@pytest.mark.hint("The caller gets a tensor on the CPU, wherever the sum was made.")
def test_sum_comes_back_to_the_cpu(student, draw, compare, device):
    """The sum is right and comes back to the CPU."""
    for shape in ((3, 5), (2, 1, 4), (1,), ()):
        a, b = draw.normal(shape), draw.normal(shape)
        total = student.add_on(device, a, b)
        compare.close(total, a + b, what=f"the sum of two tensors of shape {shape}")
        compare.device(total, "cpu", what="the sum")


@pytest.mark.points(0.5)
@pytest.mark.hint("Move both tensors: moving one that is there already costs nothing.")
def test_tensors_may_be_on_the_device_already(student, draw, compare, device):
    """The sum is right when one of the tensors, or both, are on the device already."""
    a, b = draw.normal((4, 3)), draw.normal((4, 3))
    pairs = [
        (student.hold(a, device=device), b),
        (a, student.hold(b, device=device)),
        (student.hold(a, device=device), student.hold(b, device=device)),
    ]
    for first, second in pairs:
        total = student.add_on(device, first, second)
        compare.close(total, a + b, what="the sum")
        compare.device(total, "cpu", what="the sum")


@pytest.mark.points(0.5)
@pytest.mark.hint("`x.to(device)` copies only when it has to: where x is there already, the result is x itself.")
def test_add_on_leaves_a_and_b(student, draw, compare, device):
    """`a` and `b` keep their values and their device."""
    a, b = draw.normal((5, 2)), draw.normal((5, 2))
    compare.close(student.add_on(device, a, b), a + b, what="the sum")
    for place_a, place_b in (("cpu", "cpu"), (device, "cpu"), ("cpu", device)):
        held = student.hold(a, device=place_a), student.hold(b, device=place_b)
        after = student.arguments_after("add_on", device, *held)
        for name, before, now, place in zip("ab", (a, b), after[1:3], (place_a, place_b), strict=True):
            compare.device(now, place, what=f"the argument {name}")
            compare.equal(now, before, what=f"the argument {name}")
