"""Task 1: making tensors, and asking for their shape."""

import numpy as np
import pytest
import torch

pytestmark = pytest.mark.task(1)


@pytest.mark.points(0.5)
@pytest.mark.hint("Print the dtype of your tensor when the value is 3, and when it is 3.0.")
def test_filled_is_float32_whatever_number_fills_it(student, reference, draw, compare):
    """filled gives a float32 tensor of the right shape, also when the value is a whole number."""
    whole, broken = int(draw.integers(2, 50, 1)), float(draw.uniform(-3, -2, 1))
    for rows, columns, value in [(3, 5, whole), (4, 2, broken), (2, 6, -whole)]:
        actual = student.filled(rows, columns, value)
        what = f"the tensor for {rows} rows and {columns} columns"
        compare.close(actual, reference.filled(rows, columns, value), what=what)
        compare.device(actual, "cpu", what=what)
        compare.dtype(actual, torch.float32, what=what)


@pytest.mark.points(0.5)
@pytest.mark.hint("An array of NumPy is float64 or int64 unless one says otherwise. What is your tensor?")
@pytest.mark.allow("argument", reason="The numbers are those of the array; what changes is their dtype.")
def test_from_array_is_float32_whatever_the_array_is(student, reference, draw, compare):
    """from_array gives a float32 tensor of the array's shape and values, for arrays of any dtype."""
    for array in [
        draw.normal((4, 3), torch.float64).numpy(),
        draw.integers(-90, 90, (2, 3, 5)).numpy(),
        draw.normal(6).numpy(),
        draw.uniform(-8, 8, (3, 2)).numpy().astype(np.float16),
    ]:
        actual = student.from_array(array)
        what = f"the tensor from an array of dtype {array.dtype}"
        compare.close(actual, reference.from_array(array), what=what)
        compare.device(actual, "cpu", what=what)
        compare.dtype(actual, torch.float32, what=what)
        compare.unchanged(student, "from_array", array)


@pytest.mark.points(0.5)
@pytest.mark.hint("`x.size` is a number in NumPy and a method in PyTorch; which names mean the same in both?")
def test_shape_and_count_of_tensors_and_arrays(student, reference, draw, compare):
    """shape_and_count gives the shape and the number of elements, of a tensor and of an array."""
    for shape in [(2, 3, 4), (7,), tuple(draw.integers(2, 6, 4).tolist())]:
        for x, kind in [(torch.ones(shape), "a tensor"), (np.ones(shape), "an array")]:
            actual = student.shape_and_count(x)
            two = isinstance(actual, (list, tuple)) and len(actual) == 2
            compare.that(two, f"`shape_and_count` of {kind} returned no pair: the shape and the count.")
            expected_shape, expected_count = reference.shape_and_count(x)
            compare.equal(actual[0], list(expected_shape), what=f"the shape of {kind} of {len(shape)} dimensions")
            compare.equal(actual[1], expected_count, what=f"the count of {kind} of {len(shape)} dimensions")
            compare.unchanged(student, "shape_and_count", x)


@pytest.mark.points(0.25)
@pytest.mark.hint("Is stop itself among the numbers? Which dtype has a range of whole numbers?")
def test_integers_is_half_open_and_int64(student, reference, draw, compare):
    """integers counts from start by step up to but without stop, in int64, forwards and backwards."""
    start, step = int(draw.integers(-9, -3, 1)), int(draw.integers(2, 5, 1))
    for first, stop, by in [
        (start, start + 6 * step, step),
        (start, start + 6 * step + 1, step),
        (20 + step, start, -step),
    ]:
        actual = student.integers(first, stop, by)
        compare.equal(actual, reference.integers(first, stop, by), what=f"the tensor of integers with a step of {by}")
        compare.dtype(actual, torch.int64, what=f"the tensor of integers with a step of {by}")


@pytest.mark.points(0.25)
@pytest.mark.hint("With count points there are count - 1 gaps between them.")
def test_points_include_both_ends(student, reference, draw, compare):
    """points gives count points at equal distances, the first at low and the last at high."""
    for count in [2, 6, 11]:
        low, high = float(draw.uniform(-4, -1, 1)), float(draw.uniform(1, 6, 1))
        actual = student.points(low, high, count)
        compare.close(actual, reference.points(low, high, count), what=f"the tensor of points for count = {count}")
