"""Task 1: the dataset."""

import pytest
import torch

pytestmark = pytest.mark.task(1)

# Multiples of an eighth are exact in floating point, so that "equal" means equal here.
EDGES = torch.tensor([[0.25, 0.25], [0.5, 0.5], [0.75, 0.25], [0.25, 0.75], [0.875, 0.875], [1.0, 0.0], [0.0, 1.0]])

# Of a uniform point: the areas of the three regions.
SHARES = torch.tensor([0.25, 0.5, 0.25])


@pytest.mark.points(1)
@pytest.mark.hint("Where both conditions hold, which of the two has the last word? And equal is not greater.")
def test_labels_follow_the_two_lines(student, reference, draw, compare):
    """The label is 2 where x0 > x1, then 1 where x0 + x1 > 1, and 0 elsewhere, as integers."""
    drawn = draw.uniform(0, 1, (300, 2))
    for inputs in (EDGES, EDGES[4:5], drawn[clear(drawn)]):
        labels = compare.equal(student.labels_of(inputs), reference.labels_of(inputs), what="the tensor of labels")
        compare.that(not labels.is_floating_point(), "The labels are not integers.")
    compare.unchanged(student, "labels_of", EDGES)


@pytest.mark.points(0.5)
@pytest.mark.hint("Draw a scatter plot of your points: do they fill the square evenly, and are they new each time?")
def test_the_dataset_is_uniform_in_the_square(student, reference, compare):
    """dataset draws new points of the unit square at each call, equally dense everywhere, with their labels."""
    count = 4000
    first, second = (labelled(student, compare, count) for _ in range(2))
    for inputs, labels in (first, second):
        compare.between(inputs, 0, 1, what="the tensor of points")
        inside = clear(inputs)
        compare.equal(labels[inside], reference.labels_of(inputs)[inside], what="the tensor of labels")
        # A standard deviation is at most 0.008; as many points of each class would be 0.083 away.
        classes = torch.bincount(reference.labels_of(inputs), minlength=3) / count
        compare.close(classes, SHARES, rtol=0, atol=0.05, what="the share of the points in each class")
        cells = (4 * inputs).long().clamp(0, 3)
        shares = torch.bincount(4 * cells[:, 0] + cells[:, 1], minlength=16) / count
        # A sixteenth each; a standard deviation is 0.004.
        compare.between(shares, 0.035, 0.09, what="the share of the points in each sixteenth of the square")
    same = torch.equal(first[0], second[0])
    compare.that(not same, "Two calls of `dataset` draw the same points.")
    labelled(student, compare, 1)


def clear(inputs):
    """Say which points lie so far from both lines that no rounding puts them on the other side."""
    first, second = inputs.double().unbind(1)
    return ((first - second).abs() > 1e-6) & ((first + second - 1).abs() > 1e-6)


def labelled(student, compare, count):
    """Return a dataset of the student's as points (count, 2) and labels (count,)."""
    parts = student.dataset(count)
    pair = isinstance(parts, (tuple, list)) and len(parts) == 2
    compare.that(pair, "`dataset` does not return two things: the points and their labels.")
    inputs = compare.finite(
        compare.shape(parts[0], (count, 2), what="the tensor of points"), what="the tensor of points"
    )
    return inputs, compare.shape(parts[1], (count,), what="the tensor of labels")
