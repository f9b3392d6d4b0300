"""Tasks 1 to 3: the module, its copies of given tensors, and accuracy.

Attributes of SimpleNet are free, so a network is known by its logits, and its parameters by their sizes.
"""

import math

import pytest
import torch

SHAPES = {"theta1": (2, 12), "bias1": (12,), "theta2": (12, 3), "bias2": (3,)}
BATCHES = (1, 7, 64)


def named_tensors(named, compare):
    """Return `named` when it is a dict of tensors."""
    compare.that(
        isinstance(named, dict) and all(isinstance(value, torch.Tensor) for value in named.values()),
        "The state dict of a network should be a dict of tensors, as that of every nn.Module is.",
    )
    return named


def as_tensors(named, compare):
    """Return theta1, bias1, theta2, bias2 from a dict of them by any names, the matrices stored either way round."""
    named_tensors(named, compare)
    by_size = {value.numel(): value for value in named.values()}
    sizes = [value.numel() for value in named.values()]
    compare.that(
        sorted(sizes) == [3, 12, 24, 36],
        f"`SimpleNet` should have four parameters, of 24, 12, 36 and 3 numbers; yours has {len(sizes)}: {sizes[:12]}.",
    )
    tensors = []
    for name, shape in SHAPES.items():
        value = by_size[math.prod(shape)].squeeze()
        compare.that(
            tuple(value.shape) in (shape, shape[::-1]),
            f"The parameter for {name} should have shape {shape} or {shape[::-1]}, not {tuple(value.shape)}.",
        )
        tensors.append(value if tuple(value.shape) == shape else value.T)
    return tensors


def is_network(net, compare, maker):
    """Return `net` when it stayed in the worker as an object that can be called."""
    compare.that(callable(net), f"{maker} should give a network; yours gave {type(net).__name__}.")
    return net


def filled_net(student, draw, compare):
    """Return a SimpleNet and the values it now has, whatever its names and sizes are."""
    net = is_network(student.SimpleNet(), compare, "`SimpleNet()`")
    return net, refill(net, draw, compare)


def refill(net, draw, compare):
    """Write drawn values into the network's parameters, in place, and return them by name."""
    state = named_tensors(net.state_dict(), compare)
    values = {name: draw.normal(tuple(value.shape)) for name, value in state.items()}
    net.load_state_dict(values)
    return values


def drawn_tensors(draw):
    return [draw.normal(shape) for shape in SHAPES.values()]


def logits(reference, tensors, x):
    return reference.from_tensors(*tensors)(x).detach()


def check_gradients(student, reference, compare, net, tensors, x, v):
    """Compare the gradients of sum(v * logits) with those of the reference network that holds `tensors`."""
    expected = reference.from_tensors(*tensors)
    (expected(x) * v).sum().backward()
    expected = as_tensors({name: parameter.grad for name, parameter in expected.named_parameters()}, compare)
    actual = as_tensors(student.gradients(net, (x,), wrt="parameters", v=v), compare)
    for name, got, wanted in zip(SHAPES, actual, expected, strict=True):
        compare.close(got, wanted, what=f"The gradient of {name}")


@pytest.mark.task(1)
@pytest.mark.points(1)
@pytest.mark.hint("Print [p.shape for p in SimpleNet().parameters()]: only what is assigned to self is registered.")
@pytest.mark.allow(
    "zeros", "ones", "nan", "infinity", reason="It looks at names and shapes, and a new network may have any values."
)
def test_a_new_network_registers_its_75_numbers(student, compare):
    """A new SimpleNet registers 75 numbers: two weight matrices and two biases."""
    net = is_network(student.SimpleNet(), compare, "`SimpleNet()`")
    as_tensors(net.state_dict(), compare)


@pytest.mark.task(1)
@pytest.mark.points(1)
@pytest.mark.hint("Compare forward, step by step, with the formula for z: what comes after each of the two layers?")
def test_logits_follow_from_the_parameters(student, reference, draw, compare):
    """SimpleNet computes logits: a linear layer, ReLU, a linear layer, and nothing after it."""
    net, values = filled_net(student, draw, compare)
    tensors = as_tensors(values, compare)
    for batch in BATCHES:
        x = draw.normal((batch, 2))
        compare.close(net(x), logits(reference, tensors, x), what=f"The output for a batch of {batch}")
        compare.unchanged(student, net, x)


@pytest.mark.task(1)
@pytest.mark.points(1)
@pytest.mark.hint("Call backward() on net(x).sum() and look at .grad of each parameter.")
def test_the_gradient_reaches_every_parameter(student, reference, draw, compare):
    """The gradient of the logits reaches each parameter of a SimpleNet, and is right."""
    net, values = filled_net(student, draw, compare)
    x, v = draw.normal((9, 2)), draw.normal((9, 3))
    check_gradients(student, reference, compare, net, as_tensors(values, compare), x, v)


@pytest.mark.task(2)
@pytest.mark.points(1)
@pytest.mark.hint("nn.Linear computes x @ weight.T + bias: which of its entries should be theta1[0, 1]?")
def test_from_tensors_gives_the_same_logits(student, reference, draw, compare):
    """The network from from_tensors gives the logits that its four tensors give."""
    for batch in BATCHES:
        tensors, x = drawn_tensors(draw), draw.normal((batch, 2))
        net = is_network(student.from_tensors(*tensors), compare, "`from_tensors`")
        compare.close(net(x), logits(reference, tensors, x), what=f"The output for a batch of {batch}")


@pytest.mark.task(2)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_from_tensors_gives_the_same_logits")
@pytest.mark.hint("Print requires_grad of each parameter of the network that you return.")
def test_from_tensors_gives_a_network_to_train(student, reference, draw, compare):
    """The network from from_tensors can be trained: each parameter gets its gradient."""
    tensors, x, v = drawn_tensors(draw), draw.normal((9, 2)), draw.normal((9, 3))
    check_gradients(student, reference, compare, student.from_tensors(*tensors), tensors, x, v)


@pytest.mark.task(2)
@pytest.mark.points(1)
@pytest.mark.needs("test_from_tensors_gives_the_same_logits")
@pytest.mark.hint("Call bias1.zero_() after from_tensors and print the network's biases: whose memory do they use?")
def test_the_network_stays_when_the_tensors_change(student, reference, draw, compare):
    """Changing the tensors after from_tensors does not change the network."""
    tensors, x = drawn_tensors(draw), draw.normal((7, 2))
    held = [student.hold(tensor) for tensor in tensors]
    net = student.from_tensors(*held)
    for tensor in held:
        # That from_tensors did not mark it is the claim of the next test; a marked tensor would refuse zero_().
        tensor.requires_grad_(False)
        tensor.zero_()
    compare.close(net(x), logits(reference, tensors, x), what="The output, once the tensors have become zero,")


@pytest.mark.task(2)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_from_tensors_gives_the_same_logits")
@pytest.mark.hint("Print the four tensors before and after: methods whose name ends in _ work in place.")
def test_the_tensors_stay_when_the_network_changes(student, draw, compare):
    """Neither from_tensors nor a later change of the network changes the four tensors."""
    tensors = drawn_tensors(draw)
    compare.unchanged(student, "from_tensors", *tensors)
    held = [student.hold(tensor) for tensor in tensors]
    net = student.from_tensors(*held)
    refill(net, draw, compare)
    for name, handle, tensor in zip(SHAPES, held, tensors, strict=True):
        compare.close(student.fetch(handle), tensor, rtol=0, atol=0, what=f"The tensor {name}, after the changes,")


def classified(student, draw, compare, count):
    """Return a network, inputs (count, 2) and the classes it predicts, none of them a close call."""
    net, _ = filled_net(student, draw, compare)
    x = draw.normal((10 * count + 500, 2))
    scores = compare.shape(net(x), (len(x), 3), what="The output of the network")
    best = scores.double().topk(2).values
    # Rounding differs with the size of a batch; a margin keeps it from deciding a prediction.
    clear = torch.nonzero(best[:, 0] - best[:, 1] > 1e-3).flatten()[:count]
    compare.that(
        len(clear) == count, "`SimpleNet` gives nearly equal logits to its classes, so that none is predicted."
    )
    return net, x[clear], scores[clear].argmax(dim=1)


def mislabelled(draw, classes, wrong):
    """Return the classes with `wrong` of them, at drawn places, replaced by other ones."""
    labels, places = classes.clone(), draw.permutation(len(classes))[:wrong]
    labels[places] = (labels[places] + draw.integers(1, 3, wrong)) % 3
    return labels


def check_accuracy(student, draw, compare, net, x, classes, wrong):
    value = student.accuracy(net, x, mislabelled(draw, classes, wrong))
    compare.shape(value, (), what="The accuracy")
    compare.between(value, 0, 1, what="The accuracy")
    expected = torch.tensor((len(classes) - wrong) / len(classes))
    compare.close(value, expected, rtol=0, atol=1e-6, what=f"The accuracy on a batch of {len(classes)}")


@pytest.mark.task(3)
@pytest.mark.points(1)
@pytest.mark.hint("Take seven samples, count the right ones by hand, and compare: which axis has the classes?")
def test_accuracy_is_the_fraction_of_right_predictions(student, draw, compare):
    """Accuracy is the fraction of samples whose largest logit is that of their label."""
    net, x, classes = classified(student, draw, compare, 60)
    for count, wrong in ((1, 0), (1, 1), (7, 3), (60, int(draw.integers(5, 55, 1)))):
        check_accuracy(student, draw, compare, net, x[:count], classes[:count], wrong)
    compare.unchanged(student, "accuracy", net, x, mislabelled(draw, classes, 9))


@pytest.mark.task(3)
@pytest.mark.points(1)
@pytest.mark.hint("The network takes a whole batch, and == compares whole tensors.")
def test_accuracy_takes_all_samples_at_once(student, source, draw, compare):
    """Accuracy of two thousand samples is right, and computed without a loop."""
    net, x, classes = classified(student, draw, compare, 2000)
    # Without a wrong label each prediction that is another one shows: none can be made up for.
    for wrong in (0, int(draw.integers(200, 1800, 1))):
        check_accuracy(student, draw, compare, net, x, classes, wrong)
    compare.that(source.loops("accuracy") == 0, "`accuracy` has a loop; it should take all samples at once.")
