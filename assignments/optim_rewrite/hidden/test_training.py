"""Task 2: the training loop. The network is trained in place, so it is looked at through its logits afterwards."""

import pytest
import torch

pytestmark = pytest.mark.task(2)

# What rounding explains is a hundredth of it; a wrong momentum or batch is wrong in the second digit.
TOLERANCE = {"rtol": 1e-4, "atol": 2e-5}


@pytest.mark.points(1)
@pytest.mark.needs("test_the_network_gives_the_logits_of_its_tensors")
@pytest.mark.hint(
    "The second loss depends on the rate and the batch, the third on momentum too: which one goes wrong first?"
)
def test_losses_follow_sgd_with_momentum_over_batches_in_order(student, draw, compare, curves):
    """The losses are those of SGD with momentum 0.9 over batches of 20 in order, each taken before its update."""
    for count, steps in ((20, 4), (60, 3), (50, 9), (8, 2)):
        tensors, inputs, labels, rate = problem(draw, count, steps)
        losses = student.train(student.network(*tensors), inputs, labels, steps, rate)
        expected, _ = trained(tensors, inputs, labels, steps, rate)
        found = compare.shape(losses, (steps,), what="the list of losses")
        if count == 50:
            curves.record("loss", student=found, reference=expected)
        compare.close(found, expected, **TOLERANCE, what=f"the list of losses on {count} samples")


@pytest.mark.points(0.5)
@pytest.mark.needs("test_the_network_gives_the_logits_of_its_tensors")
@pytest.mark.hint("The caller goes on with the network that was passed in: are its parameters those that you train?")
def test_the_network_itself_is_trained(student, draw, compare):
    """After the training, the network that was passed in gives the logits of the trained parameters."""
    for count, steps in ((20, 1), (20, 3), (50, 4)):
        tensors, inputs, labels, rate = problem(draw, count, steps)
        net, x = student.network(*tensors), draw.uniform(0, 1, (9, 2))
        student.train(net, inputs, labels, steps, rate)
        _, parameters = trained(tensors, inputs, labels, steps, rate)
        compare.close(net(x), logits(parameters, x).float(), **TOLERANCE, what="the output of the trained network")


@pytest.mark.points(0.5)
@pytest.mark.needs("test_the_network_itself_is_trained")
@pytest.mark.hint("What does a second training of the same network inherit from the first, apart from its parameters?")
def test_a_second_training_starts_with_a_fresh_optimiser(student, draw, compare):
    """A second training goes on from the parameters of the first, at its own rate, with momentum and batches anew."""
    tensors, inputs, labels, rate = problem(draw, 50, 4)
    net, x = student.network(*tensors), draw.uniform(0, 1, (9, 2))
    held = [student.hold(inputs), student.hold(labels)]
    student.train(net, *held, 4, rate)
    second = student.train(net, *held, 2, rate / 2)
    _, parameters = trained(tensors, inputs, labels, 4, rate)
    expected, parameters = trained(parameters, inputs, labels, 2, rate / 2)
    compare.close(second, expected, **TOLERANCE, what="the list of losses of the second training")
    compare.close(net(x), logits(parameters, x).float(), **TOLERANCE, what="the output after the second training")
    for handle, before, name in zip(held, (inputs, labels), ("inputs", "labels"), strict=True):
        compare.equal(student.fetch(handle), before, what=f"the caller's tensor of {name}, after the training,")


@pytest.mark.points(0.5)
@pytest.mark.needs("test_the_network_gives_the_logits_of_its_tensors")
@pytest.mark.hint("A loss that is still a tensor keeps its whole graph alive: ask it for its number.")
def test_losses_are_a_list_of_floats(student, draw, compare):
    """The losses come as a list of floats, one a step, the first that of the untrained network."""
    tensors, inputs, labels, rate = problem(draw, 40, 5)
    losses = student.train(student.network(*tensors), inputs, labels, 5, rate)
    compare.list_of(losses, float, length=5, what="the list of losses")
    first, _ = trained(tensors, inputs, labels, 1, rate)
    compare.close(losses[:1], first, **TOLERANCE, what="the first loss")


def problem(draw, count, steps):
    """Draw a network, its data and a rate; no hidden unit comes so near to zero that rounding could switch it."""
    while True:
        tensors = [0.5 * draw.normal(shape) for shape in ((2, 12), (12,), (12, 3), (3,))]
        inputs, labels = draw.uniform(0, 1, (count, 2)), draw.integers(0, 3, count)
        rate = float(draw.uniform(0.2, 0.4, 1))
        if trained(tensors, inputs, labels, steps, rate, margin=1e-5):
            return tensors, inputs, labels, rate


def trained(tensors, inputs, labels, steps, rate, margin=0.0):
    """Return the losses of a training in float64, and the parameters after it; nothing when a unit is within margin."""
    parameters = [tensor.double() for tensor in tensors]
    velocities = [torch.zeros_like(parameter) for parameter in parameters]
    losses = []
    for step in range(steps):
        first = 20 * (step % -(-len(inputs) // 20))
        x, y = inputs[first : first + 20].double(), labels[first : first + 20]
        if (x @ parameters[0] + parameters[1]).abs().min() < margin:
            return ()
        leaves = [parameter.requires_grad_() for parameter in parameters]
        loss = torch.nn.functional.cross_entropy(logits(leaves, x), y)
        velocities = [0.9 * v + g for v, g in zip(velocities, torch.autograd.grad(loss, leaves), strict=True)]
        parameters = [(p - rate * v).detach() for p, v in zip(parameters, velocities, strict=True)]
        losses.append(loss.item())
    return torch.tensor(losses), parameters


def logits(parameters, x):
    theta1, bias1, theta2, bias2 = parameters
    return torch.relu(x.double() @ theta1 + bias1) @ theta2 + bias2
