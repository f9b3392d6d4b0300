"""One suite for every framework: arrays go in, arrays come back, and the reference computes them in float64.

What a float32 program may be off: see design.md.
"""

import numpy
import pytest
import torch

NAMES = ("W1", "b1", "W2", "b2")


def array(tensor):
    """Return a drawn tensor as the NumPy array that answers are given."""
    return tensor.numpy()


def drawn_weights(draw, hidden=16, scale=0.7):
    return [array(draw.normal(shape) * scale) for shape in ((2, hidden), (hidden,), (hidden, 3), (3,))]


def drawn_points(draw, count):
    """Return points of the unit square, and their classes: 2 where x0 > x1, then 1 where x0 + x1 > 1, else 0."""
    inputs = draw.uniform(0.0, 1.0, (count, 2))
    labels = torch.zeros(count, dtype=torch.int64)
    labels[inputs[:, 0] > inputs[:, 1]] = 2
    labels[inputs.sum(dim=1) > 1] = 1
    return array(inputs), array(labels)


def parts(value, count, name, compare):
    """Return `value` when it is a list or tuple of so many parts."""
    compare.that(
        isinstance(value, (list, tuple)) and len(value) == count,
        f"`{name}` should return {count} things, in a list or a tuple.",
    )
    return value


def plain(value):
    """Return a number, or a list of numbers, each of which may have come as an array of one element."""
    if isinstance(value, numpy.ndarray) and value.size == 1:
        return value.item()
    return [plain(part) for part in value] if isinstance(value, (list, tuple, numpy.ndarray)) else value


def check_weights(found, expected, compare, name, what, rtol, atol):
    for part, got, wanted in zip(NAMES, parts(found, 4, name, compare), expected, strict=True):
        compare.close(got, wanted, rtol=rtol, atol=atol, what=f"{what} {part}")


def check_logits(name, student, reference, draw, compare):
    """Claim the logits of a function of weights and inputs."""
    for count, hidden in ((1, 4), (50, 16)):
        given = drawn_weights(draw, hidden), array(draw.normal((count, 2)))
        found, expected = (getattr(one, name)(*given) for one in (student, reference))
        compare.close(found, expected, rtol=1e-4, atol=1e-5, what="the array of logits")


def check_left_alone(name, weights, others, student, compare):
    """Hold a training to leaving its arguments as they were, and to giving the same when it is asked again."""
    compare.unchanged(student, name, weights, *others)
    first, again = (getattr(student, name)(weights, *others)[1] for _ in range(2))
    check_weights(again, first, compare, name, "in the second run,", 1e-6, 1e-6)


@pytest.mark.task(1)
@pytest.mark.points(1)
@pytest.mark.hint("Let the framework record x squared, then ask it for the derivative.")
def test_the_derivative_of_a_square(student, reference, draw, compare):
    """The derivative of x squared is right at every element, whatever the shape of x."""
    for shape in ((5,), (3, 4)):
        x = array(draw.normal(shape))
        compare.close(student.derivative(x), reference.derivative(x), rtol=1e-5, atol=1e-6, what="the derivative")


@pytest.mark.task(1)
@pytest.mark.points(1)
@pytest.mark.hint("How often is 1.5 squared until it is at least 10, and 3.5? The derivative follows what was run.")
@pytest.mark.allow("argument", reason="From 10 on the loop does not run, and gives back what it was given.")
def test_the_derivative_goes_through_a_loop(student, reference, draw, compare):
    """Squaring until the result is at least 10 gives the result and its derivative, however many rounds it takes."""
    # The second and third end just above 10, and go on from just below it.
    bounds = ((3.3, 9.0), (3.18, 3.28), (3.04, 3.14), (1.9, 3.0), (1.4, 1.7), (10.5, 20.0))
    for x in [*(float(draw.uniform(low, high, 1)) for low, high in bounds), 10.0]:
        y, slope = map(plain, parts(student.loop(x), 2, "loop", compare))
        expected = reference.loop(x)
        compare.close(y, expected[0], rtol=1e-4, atol=1e-4, what="the result")
        compare.close(slope, expected[1], rtol=1e-4, atol=1e-4, what="the derivative")


@pytest.mark.task(2)
@pytest.mark.points(0.5)
@pytest.mark.hint("relu(x @ W1 + b1) @ W2 + b2, with nothing after it.")
def test_the_logits(student, reference, draw, compare):
    """The logits are those of the two layers, for one sample and for many, and for any number of hidden units."""
    check_logits("logits", student, reference, draw, compare)


@pytest.mark.task(2)
@pytest.mark.points(1)
@pytest.mark.hint("The mean over the batch, of minus the logarithm of the softmax at the label. Some frameworks sum.")
def test_the_loss_and_the_gradient_of_every_weight(student, reference, draw, compare):
    """The mean cross-entropy and its gradient for each of the four weights are right."""
    weights = drawn_weights(draw)
    inputs, labels = array(draw.normal((30, 2))), array(draw.integers(0, 3, 30))
    loss, gradients = parts(student.loss_and_gradients(weights, inputs, labels), 2, "loss_and_gradients", compare)
    expected, slopes = reference.loss_and_gradients(weights, inputs, labels)
    compare.close(plain(loss), expected, rtol=1e-4, atol=1e-5, what="the loss")
    check_weights(gradients, slopes, compare, "loss_and_gradients", "the gradient of", 1e-4, 1e-5)


@pytest.mark.task(2)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_the_loss_and_the_gradient_of_every_weight")
@pytest.mark.hint("The exponential of a logit of 200 is no float32: use the framework's cross-entropy of logits.")
def test_the_loss_of_confident_mistakes(student, reference, draw, compare):
    """The loss and its gradients stay finite and right where the logits are hundreds apart."""
    weights = drawn_weights(draw)
    weights[3] = array(torch.tensor([0.0, 150.0, 300.0]))
    inputs, labels = array(draw.normal((6, 2))), numpy.array([0, 1, 2, 0, 1, 2])
    loss, gradients = parts(student.loss_and_gradients(weights, inputs, labels), 2, "loss_and_gradients", compare)
    expected, slopes = reference.loss_and_gradients(weights, inputs, labels)
    compare.close(plain(loss), expected, rtol=1e-4, atol=1e-4, what="the loss")
    check_weights(gradients, slopes, compare, "loss_and_gradients", "the gradient of", 1e-3, 1e-4)


@pytest.mark.task(2)
@pytest.mark.points(1)
@pytest.mark.hint("Each loss is that of its batch before the update. Which samples follow the last whole batch?")
def test_the_losses_and_weights_of_training(student, reference, draw, compare, curves):
    """Training gives the loss of each batch in order, and the weights after the last step."""
    weights, (inputs, labels) = drawn_weights(draw), drawn_points(draw, 87)
    losses, after = parts(student.train(weights, inputs, labels, 12, 0.1), 2, "train", compare)
    expected, trained = reference.train(weights, inputs, labels, 12, 0.1)
    losses = compare.close(plain(losses), expected, rtol=1e-3, atol=1e-4, what="the list of losses")
    curves.record("loss", student=losses.tolist(), reference=expected)
    check_weights(after, trained, compare, "train", "after training,", 1e-3, 1e-4)


@pytest.mark.task(2)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_the_losses_and_weights_of_training")
@pytest.mark.hint("Copy the weights that you are given before you change them.")
def test_training_leaves_what_it_was_given(student, draw, compare):
    """Training changes none of the arrays that it was given, and a second run gives the same."""
    weights, (inputs, labels) = drawn_weights(draw), drawn_points(draw, 60)
    check_left_alone("train", weights, (inputs, labels, 5, 0.1), student, compare)


@pytest.mark.task(3)
@pytest.mark.points(1)
@pytest.mark.hint("Does a layer of your framework keep its matrix as (in, out), or as (out, in)?")
def test_the_logits_of_layers_that_hold_the_weights(student, reference, draw, compare):
    """Layers of the framework's own that hold the weights give the logits of those weights."""
    check_logits("layer_logits", student, reference, draw, compare)


@pytest.mark.task(3)
@pytest.mark.points(1)
@pytest.mark.hint("One optimizer for all steps, and v ← momentum · v + gradient. Does yours damp the gradient?")
def test_the_losses_and_weights_of_the_optimizer(student, reference, draw, compare, curves):
    """The framework's optimizer, without momentum and with it, takes the same steps and gives the same losses."""
    weights, (inputs, labels) = drawn_weights(draw), drawn_points(draw, 87)
    for rate, momentum, what in ((0.1, 0.0, "without momentum"), (0.05, 0.9, "with momentum 0.9")):
        given = (weights, inputs, labels, 12, rate, momentum)
        losses, after = parts(student.optimizer_train(*given), 2, "optimizer_train", compare)
        expected, trained = reference.optimizer_train(*given)
        losses = compare.close(plain(losses), expected, rtol=1e-3, atol=1e-4, what=f"{what}, the list of losses")
        curves.record(f"loss {what}", student=losses.tolist(), reference=expected)
        check_weights(after, trained, compare, "optimizer_train", f"{what},", 1e-3, 1e-4)


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_the_losses_and_weights_of_the_optimizer")
@pytest.mark.hint("Make the layers and the optimizer inside the function: both remember what they have done.")
def test_the_optimizer_begins_anew(student, draw, compare):
    """Training with the optimizer changes none of the arrays that it was given, and a second run gives the same."""
    weights, (inputs, labels) = drawn_weights(draw), drawn_points(draw, 60)
    check_left_alone("optimizer_train", weights, (inputs, labels, 5, 0.1, 0.9), student, compare)


def accuracy(student, compare, inputs, labels, new_inputs, new_labels):
    """Return the part of new inputs that the student's network, trained on inputs, puts into the right class."""
    classes = compare.shape(
        student.classify(inputs, labels, new_inputs), (len(new_inputs),), what="the array of classes"
    )
    return float((classes == torch.as_tensor(new_labels)).double().mean())


@pytest.mark.task(4)
@pytest.mark.points(1.5)
@pytest.mark.hint("Look at the loss on the way: does it still fall when you stop?")
def test_the_trained_network_knows_new_points(student, draw, compare):
    """A network of the framework's own layers, trained on 1000 points, is right for 93% of 1000 new ones."""
    inputs, labels = drawn_points(draw, 1000)
    new_inputs, new_labels = drawn_points(draw, 1000)
    found = accuracy(student, compare, inputs, labels, new_inputs, new_labels)
    compare.that(found >= 0.93, f"Your network is right for {100 * found:.0f}% of the new points.")


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_the_trained_network_knows_new_points")
@pytest.mark.hint("The classes are what the labels say, and not what the rule of the handout says.")
def test_the_network_learns_the_labels_that_it_is_given(student, draw, compare):
    """Trained on labels that follow another rule, the network gives the classes of that rule."""
    (inputs, labels), (new_inputs, new_labels) = drawn_points(draw, 1000), drawn_points(draw, 500)
    other = numpy.array([1, 2, 0])
    found = accuracy(student, compare, inputs, other[labels], new_inputs, other[new_labels])
    compare.that(found >= 0.9, f"With labels by another rule, your network is right for {100 * found:.0f}%.")
