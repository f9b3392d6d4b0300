"""Task 2: columns, and changing in place. Each test looks at what a call leaves of its arguments."""

import pytest
import torch

pytestmark = pytest.mark.task(2)


@pytest.mark.points(0.5)
@pytest.mark.hint("Before the comma stands the choice of rows, after it that of columns; both count from 0.")
@pytest.mark.allow("argument", reason="A column is a part of what was sent.")
def test_column_is_counted_from_zero(student, reference, draw, compare):
    """column gives column k, counted from 0, as a tensor of one dimension."""
    for n, m, k in [(4, 4, 1), (5, 3, 0), (3, 6, 5)]:
        x = draw.normal((n, m))
        actual, expected = student.column(x, k), reference.column(x, k)
        compare.close(actual, expected, what=f"column {k} of a tensor of shape ({n}, {m})")
        compare.unchanged(student, "column", x, k)


@pytest.mark.points(0.5)
@pytest.mark.hint("A column that you took with an index is still x: what does it hold after you wrote to x?")
@pytest.mark.allow("argument", reason="What is asked for is the argument in another order.")
def test_swap_columns_changes_places_in_a_copy(student, reference, draw, compare):
    """swap_columns gives a tensor in which two columns have changed places, and leaves its argument as it was."""
    for n, m, i, j in [(4, 5, 1, 3), (3, 3, 2, 0), (6, 2, 0, 1)]:
        x = draw.normal((n, m))
        actual, expected = student.swap_columns(x, i, j), reference.swap_columns(x, i, j)
        compare.close(actual, expected, what=f"the tensor with columns {i} and {j} swapped")
        compare.unchanged(student, "swap_columns", x, i, j)


@pytest.mark.points(0.5)
@pytest.mark.hint("`x = x + row` makes a new tensor and gives it the name x; `y = x` makes no new tensor at all.")
@pytest.mark.allow("argument", reason="It must return what its argument was.")
def test_add_in_place_changes_its_argument_and_returns_what_it_was(student, draw, compare):
    """add_in_place adds the row to its argument itself, and returns what that was before."""
    for n, m in [(4, 3), (3, 3), (1, 5)]:
        x, row = draw.normal((n, m)), draw.uniform(1, 2, m)
        held, held_row = student.hold(x), student.hold(row)
        before = student.add_in_place(held, held_row)
        compare.close(student.fetch(held), x + row, what="the argument x after add_in_place")
        compare.close(before, x, what="what add_in_place returned")
        compare.close(student.fetch(held_row), row, rtol=0, atol=0, what="the argument row after add_in_place")
        compare.dtype(student.fetch(held), torch.float32, what="the argument x after add_in_place")
