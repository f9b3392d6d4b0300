"""Task 4: shapes. Some arguments are transposed views, whose rows do not lie in memory one after the other."""

import pytest

pytestmark = pytest.mark.task(4)


@pytest.mark.points(0.5)
@pytest.mark.hint("`view` only works where the elements lie in memory in that order already. What does `reshape` do?")
@pytest.mark.allow("argument", reason="What is asked for is the argument in another shape.")
def test_flatten_samples_keeps_the_order_in_a_sample(student, reference, draw, compare):
    """flatten_samples gives one row for each sample, also of a tensor that is a transposed view."""
    for n, p, q in [(4, 2, 3), (3, 3, 3)]:
        x = draw.normal((n, p, q))
        compare.close(student.flatten_samples(x), reference.flatten_samples(x), what="the tensor of rows")
        view = student.hold(x.transpose(1, 2).contiguous())
        view.transpose_(1, 2)
        compare.close(
            student.flatten_samples(view), reference.flatten_samples(x), what="the tensor of rows of a transposed view"
        )
        compare.unchanged(student, "flatten_samples", x)


@pytest.mark.points(0.5)
@pytest.mark.hint("reshape reads row by row. What do you have to do first, so that columns are rows?")
@pytest.mark.allow("argument", reason="What is asked for is the argument in another order.")
def test_flatten_by_columns_reads_column_after_column(student, reference, draw, compare):
    """flatten_by_columns gives the elements column after column, also of a tensor that is a transposed view."""
    for n, m in [(3, 4), (3, 3)]:
        x = draw.normal((n, m))
        expected = reference.flatten_by_columns(x)
        compare.close(student.flatten_by_columns(x), expected, what="the tensor of elements")
        view = student.hold(x.T.contiguous())
        view.t_()
        compare.close(student.flatten_by_columns(view), expected, what="the tensor of elements of a transposed view")
        compare.unchanged(student, "flatten_by_columns", x)


@pytest.mark.points(0.5)
@pytest.mark.hint("To join along a dimension that is there, and along a new one, are two functions.")
def test_side_by_side_and_stacked_join_tensors(student, reference, draw, compare):
    """side_by_side joins two tensors along their columns, stacked any number along a new first dimension."""
    for n, p, q in [(3, 3, 3), (2, 4, 1)]:
        a, b = draw.normal((n, p)), draw.normal((n, q))
        compare.close(student.side_by_side(a, b), reference.side_by_side(a, b), what="the tensor of both, side by side")
        compare.unchanged(student, "side_by_side", a, b)
        tensors = [draw.normal((n, p)) for _ in range(n + 1)]
        compare.close(student.stacked(tensors), reference.stacked(tensors), what="the stack of tensors")
        compare.unchanged(student, "stacked", tensors)


@pytest.mark.points(0.5)
@pytest.mark.hint("A position says where the new dimension stands in the result; -1 is last there.")
@pytest.mark.allow("argument", reason="What is asked for is the argument in another shape.")
def test_with_new_dimension_stands_where_it_is_asked_for(student, reference, draw, compare):
    """with_new_dimension adds a dimension of size 1 at the position asked for, counted from either end."""
    x = draw.normal((3, 4))
    for position in (0, 1, 2, -1, -2, -3):
        what = f"the tensor with a dimension at {position}"
        compare.close(student.with_new_dimension(x, position), reference.with_new_dimension(x, position), what=what)
        compare.unchanged(student, "with_new_dimension", x, position)


@pytest.mark.points(0.5)
@pytest.mark.hint("reshape keeps the order of the elements in memory and cannot exchange dimensions.")
@pytest.mark.allow("argument", reason="What is asked for is the argument in another order.")
def test_channels_first_moves_the_dimension_and_not_the_shape(student, reference, draw, compare):
    """channels_first moves the channels before height and width, and each pixel stays where it was."""
    for batch, height, width, channels in [(2, 4, 5, 3), (3, 3, 3, 3)]:
        images = draw.normal((batch, height, width, channels))
        compare.close(student.channels_first(images), reference.channels_first(images), what="the tensor of images")
        compare.unchanged(student, "channels_first", images)
