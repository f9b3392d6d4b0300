"""Public tests: a few small cases to check your work with. The hidden ones look further.

autograder check                as your answer is graded
pytest test_public.py           without the grader
"""

import numpy as np
import pytest
import torch

# The table of the handout.
X = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@pytest.mark.task(1)
@pytest.mark.hint("`torch.full` takes its dtype from the value.")
def test_filled_with_a_whole_number(student, compare):
    """A tensor filled with the whole number 7 is float32 all the same."""
    actual = student.filled(2, 3, 7)
    compare.close(actual, [[7.0] * 3] * 2, what="the tensor")
    compare.that(actual.dtype == torch.float32, f"The tensor is of {actual.dtype}; it must be torch.float32.")


@pytest.mark.task(1)
@pytest.mark.hint("An array made of 0.5 and 1.5 is float64.")
def test_from_an_array_of_float64(student, compare):
    """The tensor from an array of float64 is float32."""
    actual = student.from_array(np.array([0.5, 1.5]))
    compare.close(actual, [0.5, 1.5], what="the tensor")
    compare.that(actual.dtype == torch.float32, f"The tensor is of {actual.dtype}; it must be torch.float32.")


@pytest.mark.task(1)
@pytest.mark.parametrize("x", [torch.zeros(2, 3), np.zeros((2, 3))], ids=["tensor", "array"])
def test_shape_and_count_of_two_by_three(student, compare, x):
    """A table of 2 rows and 3 columns has the shape (2, 3) and 6 elements."""
    shape, count = student.shape_and_count(x)
    compare.that(list(shape) == [2, 3], f"The shape is {shape}; it must be (2, 3).")
    compare.that(count == 6, f"The count is {count}; it must be 6.")


@pytest.mark.task(1)
@pytest.mark.hint("The end of `integers` is not part of it, the end of `points` is.")
def test_ranges_of_the_handout(student, compare):
    """integers(2, 8, 2) is 2, 4, 6, and points(0, 1, 5) goes in quarters from 0 to 1."""
    compare.close(student.integers(2, 8, 2), [2, 4, 6], what="the tensor of integers")
    compare.close(student.points(0.0, 1.0, 5), [0.0, 0.25, 0.5, 0.75, 1.0], what="the tensor of points")


@pytest.mark.task(2)
@pytest.mark.hint("Column 1 is the second one.")
def test_columns_of_the_table(student, compare):
    """Column 1 of the table is (2, 5), and columns 0 and 2 can change places."""
    compare.close(student.column(X.clone(), 1), [2.0, 5.0], what="column 1")
    compare.close(student.swap_columns(X.clone(), 0, 2), [[3.0, 2.0, 1.0], [6.0, 5.0, 4.0]], what="the swapped table")
    (after, *_) = student.arguments_after("swap_columns", X.clone(), 0, 2)
    compare.close(after, X, what="the argument after swap_columns")


@pytest.mark.task(2)
@pytest.mark.hint("`x = x + row` is a new tensor; the caller's is not changed by it.")
def test_adding_in_place_to_the_table(student, compare):
    """add_in_place changes the table itself, and returns what it was."""
    row = torch.tensor([10.0, 20.0, 30.0])
    (after, *_) = student.arguments_after("add_in_place", X.clone(), row)
    compare.close(after, [[11.0, 22.0, 33.0], [14.0, 25.0, 36.0]], what="the argument after add_in_place")
    compare.close(student.add_in_place(X.clone(), row), X, what="what add_in_place returned")


@pytest.mark.task(3)
@pytest.mark.hint("The handout works all four out on one page.")
def test_products_of_the_handout(student, compare):
    """The four products are those of the handout."""
    a, b = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[0.0, 1.0], [1.0, 1.0]])
    compare.close(student.elementwise_product(a, b), [[0.0, 2.0], [3.0, 4.0]], what="the elementwise product")
    compare.close(student.matrix_product(a, b), [[2.0, 3.0], [4.0, 7.0]], what="the matrix product")
    compare.close(
        student.matrix_vector_product(a, torch.tensor([10, 1])), [12.0, 34.0], what="the matrix-vector product"
    )
    u, v = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0, 5.0])
    compare.close(student.outer_product(u, v), [[3.0, 4.0, 5.0], [6.0, 8.0, 10.0]], what="the outer product")


@pytest.mark.task(4)
@pytest.mark.hint("Print the shape of what you return beside the one that the stub promises.")
def test_shapes_of_the_handout(student, compare):
    """The table flattened, joined and extended is that of the handout."""
    compare.close(
        student.flatten_samples(torch.arange(8.0).reshape(2, 2, 2)), [[0, 1, 2, 3], [4, 5, 6, 7]], what="the tensor of rows"
    )
    compare.close(student.flatten_by_columns(X), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0], what="the tensor of columns")
    joined = student.side_by_side(X, torch.tensor([[7.0], [8.0]]))
    compare.close(joined, [[1.0, 2.0, 3.0, 7.0], [4.0, 5.0, 6.0, 8.0]], what="the table of both, side by side")
    compare.shape(student.stacked([X, X, X, X]), (4, 2, 3), what="the stack of tables")
    compare.shape(student.with_new_dimension(X, 1), (2, 1, 3), what="the table with a new dimension")
    compare.close(
        student.channels_first(torch.tensor([[[[1.0, 5.0], [2.0, 6.0], [3.0, 7.0]]]])),
        [[[[1.0, 2.0, 3.0]], [[5.0, 6.0, 7.0]]]],
        what="the image",
    )


@pytest.mark.task(5)
@pytest.mark.hint("`from_numpy` and `.numpy()` share, `torch.tensor` copies.")
def test_what_is_shared_and_what_is_not(student, compare):
    """Two of the three additions change what they are given, and one does not."""
    changed, same = [2.5, 3.5], [0.5, 1.5]
    compare.close(student.add_through_tensor(np.array(same), 2.0), changed, what="the tensor on the array's memory")
    (after, _) = student.arguments_after("add_through_tensor", np.array(same), 2.0)
    compare.close(after, changed, what="the array after add_through_tensor")
    compare.close(student.add_to_copy(np.array(same), 2.0), changed, what="the tensor with memory of its own")
    (after, _) = student.arguments_after("add_to_copy", np.array(same), 2.0)
    compare.close(after, same, what="the array after add_to_copy")
    compare.close(student.add_through_array(torch.tensor(same), 2.0), changed, what="the array on the tensor's memory")
    (after, _) = student.arguments_after("add_through_array", torch.tensor(same), 2.0)
    compare.close(after, changed, what="the tensor after add_through_array")


@pytest.mark.task(5)
def test_a_tensor_shares_its_memory_with_itself_alone(student, compare):
    """A tensor shares its memory with itself, and not with another that is equal."""
    x = student.hold(X.clone())
    compare.that(student.share_memory(x, x) is True, "x and x have all elements in common.")
    compare.that(student.share_memory(x, X.clone()) is False, "x and a copy of it have no element in common.")
