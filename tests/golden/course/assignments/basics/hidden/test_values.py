"""Functions of plain values. This line is the canary of the golden course: no submission may find it."""

import pytest

pytestmark = [pytest.mark.task(1), pytest.mark.points(1)]


@pytest.mark.hint("Add the tensors element by element.")
def test_add(student, reference, draw, compare):
    """Two tensors are added element by element."""
    a, b = draw.normal(50), draw.normal(50)
    compare.close(student.add(a, b), reference.add(a, b))


def test_mean(student, reference, draw, compare):
    """The mean of a vector is right."""
    x = draw.normal(50)
    compare.close(student.mean(x), reference.mean(x))


@pytest.mark.needs("test_mean")
def test_mean_of_one(student, draw, compare):
    """The mean of a single number is this number."""
    x = draw.normal(1)
    compare.close(student.mean(x), x[0])


def test_scale(student, draw, compare):
    """Each element is multiplied by the factor."""
    x = draw.normal((5, 3))
    compare.close(student.scale(x, 2.5), 2.5 * x)


def test_scale_leaves_its_argument(student, draw, compare):
    """The tensor that is scaled stays as it was."""
    x = draw.normal((5, 3))
    argument, _ = student.arguments_after("scale", x, 2.5)
    compare.close(argument, x, what="the argument after the call")


def test_summary(student, draw, compare):
    """A summary has the lowest and the highest number."""
    x = draw.normal(50)
    summary = student.summary(x)
    # Indexed without a look at its type, as an author may forget: the engine must know whose fault it is.
    compare.close(summary["low"], x.min(), what="low")
    compare.close(summary["high"], x.max(), what="high")
