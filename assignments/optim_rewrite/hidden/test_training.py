"""Task 2: the training loop, on the network without hidden units that is given, and on the student's own.

One mistake, one place: the rule is that of the first test; the others ask whether a training agrees with another one of
the same loop.
"""

import pytest
import torch

pytestmark = pytest.mark.task(2)

# What rounding explains is a hundredth of it; a wrong momentum or batch is wrong in the second digit.
TOLERANCE = {"rtol": 1e-4, "atol": 2e-5}


@pytest.mark.points(1)
@pytest.mark.hint(
    "The second loss depends on the rate and the batch, the third on momentum too: which one goes wrong first?"
)
def test_losses_follow_sgd_with_momentum_over_batches_in_order(student, draw, compare, curves):
    """The losses are those of SGD with momentum 0.9 over batches of 20 in order, each taken before its update."""
    for count, steps in ((20, 4), (60, 3), (50, 9), (8, 2)):
        (theta, bias), inputs, labels, rate = problem(draw, count)
        losses = student.train(student.affine(theta, bias), inputs, labels, steps, rate)
        found = compare.shape(losses, (steps,), what="the list of losses")
        expected = losses_of(theta, bias, inputs, labels, steps, rate)
        if count == 50:
            curves.record("loss", student=found, reference=expected)
        compare.close(found, expected, **TOLERANCE, what=f"the list of losses on {count} samples")


@pytest.mark.points(0.5)
@pytest.mark.needs("test_the_network_gives_the_logits_of_its_tensors")
@pytest.mark.hint("The caller goes on with the network that was passed in: are its parameters those that you train?")
def test_the_network_itself_is_trained(student, draw, compare):
    """After a training of your own network, the network that was passed in has the loss that a longer list names."""
    for steps in (1, 3, 5):
        _, inputs, labels, rate = problem(draw, 20)
        tensors = [0.5 * draw.normal(shape) for shape in ((2, 12), (12,), (12, 3), (3,))]
        net = student.network(*tensors)
        student.train(net, inputs, labels, steps, rate)
        longer = student.train(student.network(*tensors), inputs, labels, steps + 1, rate)
        longer = compare.shape(longer, (steps + 1,), what="the list of losses").double()
        logits = compare.shape(net(inputs), (20, 3), what="the output of the trained network")
        found = torch.nn.functional.cross_entropy(logits.double(), labels)
        # Losses that are taken after the step have it one place earlier: that is a matter of the test above.
        expected = min(longer[-2:], key=lambda loss: abs(loss - found))
        compare.close(found, expected, **TOLERANCE, what=f"the loss of the network after {steps} steps")


@pytest.mark.points(0.5)
@pytest.mark.hint("What does a second training of the same network inherit from the first, apart from its parameters?")
def test_a_second_training_starts_with_a_fresh_optimiser(student, draw, compare):
    """A second training goes as the first of a network with the same parameters, and leaves inputs and labels alone."""
    for count in (20, 50):
        (theta, bias), inputs, labels, rate = problem(draw, count)
        net = student.affine(theta, bias)
        student.train(net, inputs, labels, 4, rate)
        weight = compare.shape(net.weight, (3, 2), what="the weight of the network after a training")
        compare.that(not torch.equal(weight, theta.T), "The weight of the network is the same after a training.")
        fresh = student.affine(weight.T, net.bias)
        # A gradient that is left from the first training is a matter of the first test.
        net.zero_grad()
        second, expected = (student.train(one, inputs, labels, 3, rate / 2) for one in (net, fresh))
        expected = compare.shape(expected, (3,), what="the list of losses")
        check_plausible(expected, compare)
        compare.close(second, expected, **TOLERANCE, what="the list of losses of the second training")
        compare.close(net.weight, fresh.weight, **TOLERANCE, what="the weight of the network after the second training")
        compare.unchanged(student, "train", net, inputs, labels, 2, rate)


@pytest.mark.points(0.5)
@pytest.mark.hint("A loss that is still a tensor keeps its whole graph alive: ask it for its number.")
def test_losses_are_a_list_of_floats(student, draw, compare):
    """The losses come as a list of floats, one a step."""
    for steps in (2, 5):
        (theta, bias), inputs, labels, rate = problem(draw, 40)
        losses = student.train(student.affine(theta, bias), inputs, labels, steps, rate)
        compare.list_of(losses, float, length=steps, what="the list of losses")
        check_plausible(losses, compare)


def check_plausible(losses, compare):
    """Claim what holds of the losses of any training, right or wrong: no constant is a list of losses."""
    compare.between(losses, 1e-6, 1e6, what="the list of losses")
    compare.that(len(losses) < 2 or losses[0] != losses[1], "The first two losses are the same.")


def problem(draw, count):
    """Draw the parameters of a network without hidden units, samples with their labels, and a rate."""
    parameters = draw.normal((2, 3)), draw.normal(3)
    return parameters, draw.uniform(0, 1, (count, 2)), draw.integers(0, 3, count), float(draw.uniform(0.2, 0.4, 1))


def losses_of(theta, bias, inputs, labels, steps, rate):
    """Return the losses of a training of z = x · theta + bias, in float64."""
    parameters = [theta.double(), bias.double()]
    velocities = [torch.zeros_like(parameter) for parameter in parameters]
    losses = []
    for step in range(steps):
        first = 20 * (step % -(-len(inputs) // 20))
        x, y = inputs[first : first + 20].double(), labels[first : first + 20]
        leaves = [parameter.requires_grad_() for parameter in parameters]
        loss = torch.nn.functional.cross_entropy(x @ leaves[0] + leaves[1], y)
        velocities = [0.9 * v + g for v, g in zip(velocities, torch.autograd.grad(loss, leaves), strict=True)]
        parameters = [(p - rate * v).detach() for p, v in zip(parameters, velocities, strict=True)]
        losses.append(loss.item())
    return torch.tensor(losses)
