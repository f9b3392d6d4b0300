"""Task 5: memory, shared or copied. Views of one memory are made in the worker, where the submission finds them."""

import numpy as np
import pytest
import torch

pytestmark = pytest.mark.task(5)

ARRAYS = [(np.float64, (3, 4)), (np.float32, (7,)), (np.int64, (2, 3, 2))]


@pytest.mark.points(0.5)
@pytest.mark.hint("One way from an array to a tensor copies, another shares. And `t = t + amount` is a new tensor.")
def test_add_through_tensor_changes_the_array(student, draw, compare):
    """add_through_tensor changes the array by way of a tensor on its memory, and returns that tensor."""
    for dtype, shape in ARRAYS:
        array, amount = drawn_array(draw, dtype, shape), int(draw.integers(2, 9, 1))
        actual = student.add_through_tensor(array, amount)
        what = f"the tensor from an array of dtype {array.dtype}"
        compare.close(actual, array + dtype(amount), what=what)
        compare.device(actual, "cpu", what=what)
        after = student.arguments_after("add_through_tensor", array, amount)
        compare.close(after[0], array + dtype(amount), what=f"the array of dtype {array.dtype} afterwards")


@pytest.mark.points(0.5)
@pytest.mark.hint("Is the array still what it was, when the tensor has changed?")
def test_add_to_copy_leaves_the_array(student, draw, compare):
    """add_to_copy gives a tensor of the changed values, and leaves the array as it was."""
    for dtype, shape in ARRAYS:
        array, amount = drawn_array(draw, dtype, shape), int(draw.integers(2, 9, 1))
        actual = student.add_to_copy(array, amount)
        what = f"the tensor from an array of dtype {array.dtype}"
        compare.close(actual, array + dtype(amount), what=what)
        compare.device(actual, "cpu", what=what)
        compare.unchanged(student, "add_to_copy", array, amount)


@pytest.mark.points(0.5)
@pytest.mark.hint(
    "A tensor that requires a gradient refuses .numpy(): what do you take of it first, and does that copy?"
)
def test_add_through_array_changes_the_tensor(student, draw, compare):
    """add_through_array changes the tensor by way of an array on its memory, also where it requires a gradient."""
    for requires_grad in (False, True):
        x, amount = draw.normal((2, 5)), int(draw.integers(2, 9, 1))
        held = student.hold(x.clone().requires_grad_(requires_grad))
        actual = student.add_through_array(held, amount)
        what = "of a tensor that requires a gradient" if requires_grad else "of a tensor"
        compare.numpy_array(actual, "float", (2, 5), what=f"the array {what}")
        compare.close(actual, x + amount, what=f"the array {what}")
        compare.close(student.fetch(held), x + amount, what=f"the memory {what} after the call")


@pytest.mark.points(1)
@pytest.mark.hint("Views of one memory may begin at different places, overlap, or lie between each other.")
def test_share_memory_asks_for_a_common_element(student, draw, compare):
    """share_memory says whether two tensors have an element in common: not equal ones, and not just near ones."""
    # The second half holds what the first does, so that equal values are not shared ones.
    whole = draw.normal(6).repeat(2)
    base, equal = student.hold(whole), student.hold(whole)
    first, second, late = view(student, base, 0, (6,)), view(student, base, 6, (6,)), view(student, base, 4, (6,))
    even, odd = view(student, base, 0, (6,), (2,)), view(student, base, 1, (6,), (2,))
    # Of a table of 3 rows and 4 columns on the same memory: row 1, columns, halves, and column 2 of its transpose.
    row = view(student, base, 4, (4,))
    column, other_column = view(student, base, 2, (3,), (4,)), view(student, base, 3, (3,), (4,))
    left_half, right_half = view(student, base, 0, (3, 2), (4, 1)), view(student, base, 2, (3, 2), (4, 1))
    right_transposed, transposed_row = view(student, base, 2, (2, 3), (1, 4)), view(student, base, 2, (3,), (4,))
    for case, a, b, expected in [
        ("a tensor and itself", base, base, True),
        ("a tensor and a part of it", base, second, True),
        ("two parts that overlap", first, late, True),
        ("a row and a column of one table", row, column, True),
        ("a column of a table, and that row of its transpose", column, transposed_row, True),
        ("a row of a table, and half of its transpose", row, right_transposed, True),
        ("equal tensors", base, equal, False),
        ("equal tensors that were sent", whole, whole, False),
        ("two halves of one memory", first, second, False),
        ("every other element, and those between", even, odd, False),
        ("two columns of one table", column, other_column, False),
        ("the left and the right columns of one table", left_half, right_half, False),
        ("the left columns of a table, and a part of its transpose", left_half, right_transposed, False),
    ]:
        for order, (left, right) in [("", (a, b)), (", the other way round", (b, a))]:
            answer = student.share_memory(left, right)
            compare.equal(answer, expected, what=f"the answer for {case}{order}")
    for held in (base, equal):
        compare.close(student.fetch(held), whole, rtol=0, atol=0, what="an argument of `share_memory` after the call")


def drawn_array(draw, dtype, shape):
    """Draw an array: of fractions, where its dtype has them."""
    if np.issubdtype(dtype, np.integer):
        return draw.integers(-50, 50, shape).numpy().astype(dtype)
    return draw.uniform(-50, 50, shape, torch.float64).numpy().astype(dtype)


def view(student, base, offset, size, stride=(1,)):
    """Make a tensor in the worker on the memory of `base`: of a size, from an offset, by strides."""
    made = student.hold(torch.empty(0))
    made.set_(base.untyped_storage(), offset, size, stride)
    return made
