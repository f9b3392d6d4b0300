"""Public tests: a few small cases to check your work with. The hidden ones look further.

    autograder check                as your answer is graded
    pytest test_public.py           without the grader
"""

import numpy
import pytest

# Two hidden units, two samples: worked out by hand.
WEIGHTS = [
    numpy.array([[1.0, -1.0], [0.0, 1.0]], dtype="float32"),
    numpy.array([0.0, 0.5], dtype="float32"),
    numpy.array([[1.0, 0.0, 2.0], [0.0, 1.0, 1.0]], dtype="float32"),
    numpy.array([0.0, 0.0, -1.0], dtype="float32"),
]
INPUTS = numpy.array([[1.0, 0.0], [0.0, 1.0]], dtype="float32")
LABELS = numpy.array([2, 1])


def number(value):
    """Return the number that an array of one element holds, whatever its shape: some frameworks have no others."""
    if hasattr(type(value), "asnumpy"):  # MXNet's arrays have no other way to NumPy.
        value = value.asnumpy()
    held = numpy.asarray(value) if hasattr(type(value), "__array__") else None
    return value if held is None or held.size != 1 else held.item()


def each_loss(losses, compare):
    """Return the losses as a list of numbers."""
    return [float(compare.shape(number(loss), (), what="each loss")) for loss in losses]


@pytest.mark.task(1)
@pytest.mark.hint("Let the framework record x squared, then ask it for the derivative.")
def test_the_derivative_of_a_square(student, compare):
    """The derivative of x squared at 3 is 6, and at -1 it is -2."""
    x = numpy.array([3.0, -1.0], dtype="float32")
    compare.close(student.derivative(x), [6.0, -2.0], atol=1e-4, what="the derivative")


@pytest.mark.task(1)
@pytest.mark.hint("2, 4, 16: two rounds, so y is x to the fourth.")
def test_the_derivative_goes_through_a_loop(student, compare):
    """From 2 the loop gives 16, and its derivative is 32."""
    y, slope = student.loop(2.0)
    compare.close(number(y), 16.0, atol=1e-3, what="the result")
    compare.close(number(slope), 32.0, atol=1e-3, what="the derivative")


@pytest.mark.task(2)
@pytest.mark.hint("relu(x @ W1 + b1) @ W2 + b2, with nothing after it.")
def test_the_logits_of_two_samples(student, compare):
    """The logits of the worked example are (1, 0, 1) and (0, 1.5, 0.5)."""
    expected = [[1.0, 0.0, 1.0], [0.0, 1.5, 0.5]]
    compare.close(student.logits(WEIGHTS, INPUTS), expected, atol=1e-4, what="the array of logits")


@pytest.mark.task(2)
@pytest.mark.hint("The mean over the two samples of minus the logarithm of the softmax at the label.")
def test_the_loss_of_two_samples(student, compare):
    """The loss of the worked example is 0.6632, and the gradient of b2 sums to 0."""
    loss, gradients = student.loss_and_gradients(WEIGHTS, INPUTS, LABELS)
    compare.close(number(loss), 0.6632, atol=1e-3, what="the loss")
    compare.that(len(gradients) == 4, "There should be a gradient for each of the four weights.")
    compare.close(sum(float(number(one)) for one in gradients[3]), 0.0, atol=1e-4, what="the sum of the gradient of b2")


@pytest.mark.task(2)
@pytest.mark.hint("A step goes against the gradient.")
def test_the_loss_falls(student, compare):
    """Training on the same 20 samples makes the loss fall with each step."""
    inputs, labels = numpy.tile(INPUTS, (10, 1)), numpy.tile(LABELS, 10)
    losses, weights = student.train(WEIGHTS, inputs, labels, 5, 0.1)
    compare.that(len(losses) == 5 and len(weights) == 4, "There should be five losses, and four weights.")
    losses = each_loss(losses, compare)
    compare.that(all(later < sooner for sooner, later in zip(losses, losses[1:])), "The loss should fall.")


@pytest.mark.task(3)
@pytest.mark.hint("Does a layer of your framework keep its matrix as (in, out), or as (out, in)?")
def test_the_logits_of_layers(student, compare):
    """Layers that hold the weights of the worked example give the same logits."""
    expected = [[1.0, 0.0, 1.0], [0.0, 1.5, 0.5]]
    compare.close(student.layer_logits(WEIGHTS, INPUTS), expected, atol=1e-4, what="the array of logits")


@pytest.mark.task(3)
@pytest.mark.hint("Without momentum the optimizer does what you did by hand.")
def test_the_optimizer_does_what_you_did_by_hand(student, compare):
    """Without momentum, the optimizer's losses and weights are those of `train`; with momentum, they are others."""
    # Away from 0 in the hidden layer, where frameworks differ in the derivative of relu.
    inputs, labels = numpy.tile(INPUTS + numpy.float32(0.25), (20, 1)), numpy.tile(LABELS, 20)
    losses, weights = student.train(WEIGHTS, inputs, labels, 4, 0.1)
    others, ends = student.optimizer_train(WEIGHTS, inputs, labels, 4, 0.1, 0.0)
    losses, others = each_loss(losses, compare), each_loss(others, compare)
    compare.close(others, losses, atol=1e-4, what="the list of losses")
    for name, end, weight in zip(("W1", "b1", "W2", "b2"), ends, weights):
        compare.close(end, weight, atol=1e-4, what=name)
    faster, _ = student.optimizer_train(WEIGHTS, inputs, labels, 4, 0.1, 0.9)
    compare.that(each_loss(faster, compare)[-1] < losses[-1], "With momentum 0.9 the loss should fall faster.")


@pytest.mark.task(4)
@pytest.mark.hint("Two clouds that are far apart: any network can tell them.")
def test_two_clouds_are_told_apart(student, compare):
    """A network that has seen two clouds of points knows which one a new point belongs to."""
    grid = numpy.linspace(0.0, 0.2, 500, dtype="float32")
    cloud = numpy.stack([grid, grid[::-1]], axis=1)
    inputs = numpy.concatenate([cloud, cloud + numpy.float32(0.7)])
    labels = numpy.repeat(numpy.array([0, 1]), 500)
    found = student.classify(inputs, labels, numpy.array([[0.1, 0.1], [0.8, 0.8]], dtype="float32"))
    compare.close(found, [0, 1], what="the array of classes")
