"""Task 1: a network from given tensors, and what the other tests need of it."""

import pytest
import torch

pytestmark = pytest.mark.task(1)


@pytest.mark.points(0.5)
@pytest.mark.hint("nn.Linear computes x @ weight.T + bias: which of its entries should be theta1[0, 1]?")
def test_the_network_gives_the_logits_of_its_tensors(student, draw, compare):
    """The network gives the logits relu(x · theta1 + bias1) · theta2 + bias2 of its tensors, for any of their sizes."""
    for batch, sizes in ((1, (2, 12, 3)), (7, (2, 12, 3)), (5, (4, 4, 4))):
        tensors, x = drawn(draw, sizes), draw.normal((batch, sizes[0]))
        net = student.network(*tensors)
        compare.that(callable(net), "`network` gives no network: what it returns cannot be called.")
        compare.close(net(x), logits(tensors, x), what="the output of the network")


@pytest.mark.points(0.5)
@pytest.mark.hint("Print the name, the shape and requires_grad of each of net.parameters(), and whose memory they use.")
def test_the_network_has_copies_as_its_parameters(student, draw, compare):
    """The numbers of a network are all parameters of its own, which get their gradients and start from the tensors."""
    tensors, x, v = drawn(draw, (2, 12, 3)), draw.normal((9, 2)), draw.normal((9, 3))
    compare.unchanged(student, "network", *tensors)
    held = [student.hold(tensor) for tensor in tensors]
    net = student.network(*held)
    for handle in held:
        handle.zero_()
    compare.close(net(x), logits(tensors, x), what="the output, once the tensors have become zero,")
    gradients = student.gradients(net, (x,), wrt="parameters", v=v)
    sizes = sorted(gradient.numel() for gradient in gradients.values())
    compare.that(sizes == [3, 12, 24, 36], f"The parameters have {sizes} numbers; it should be [3, 12, 24, 36].")
    leaves = [tensor.double().requires_grad_() for tensor in tensors]
    expected = torch.autograd.grad((logits(leaves, x, torch.float64) * v).sum(), leaves)
    for gradient, right in zip(
        sorted(gradients.values(), key=torch.numel), sorted(expected, key=torch.numel), strict=True
    ):
        # A matrix may be stored either way round, and its entries in their order tell nothing of that.
        got, wanted = gradient.flatten().sort().values, right.flatten().sort().values.float()
        compare.close(got, wanted, rtol=1e-4, atol=1e-4, what=f"the gradient of the {right.numel()} numbers, sorted,")


def drawn(draw, sizes):
    """Draw four tensors of a network with these numbers of inputs, hidden units and classes."""
    inputs, hidden, classes = sizes
    return [draw.normal(shape) for shape in ((inputs, hidden), (hidden,), (hidden, classes), (classes,))]


def logits(tensors, x, dtype=torch.float32):
    theta1, bias1, theta2, bias2 = (tensor.to(dtype) for tensor in tensors)
    return torch.relu(x.to(dtype) @ theta1 + bias1) @ theta2 + bias2
