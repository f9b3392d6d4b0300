"""Task 1: the network normalises its input, and moves as a whole."""

import pytest
import torch

pytestmark = pytest.mark.task(1)

LAYER_SHAPES = [(12, 2), (12,), (3, 12), (3,)]


def given_weights(student, reference, draw, compare):
    """Give drawn weights to a fresh network of the student's and to the reference, and return both with the names."""
    net = student.Net()
    compare.that(callable(net), "Net() gives no network: it cannot be called.")
    state = net.state_dict()
    compare.that(isinstance(state, dict), "The state dict of the network is not a dict.")
    expected_net, names = reference.Net(), []
    for shape, parameter in zip(LAYER_SHAPES, expected_net.parameters(), strict=True):
        found = [name for name, value in state.items() if isinstance(value, torch.Tensor) and value.shape == shape]
        compare.that(
            len(found) == 1,
            f"The state dict of the network has {len(found)} tensors of shape {shape}, "
            "where nn.Linear(2, 12) and nn.Linear(12, 3) put one.",
        )
        names.append(found[0])
        state[found[0]] = draw.normal(shape) / 2
        parameter.data.copy_(state[found[0]])
    net.load_state_dict(state)
    return net, expected_net, names


@pytest.mark.points(1)
@pytest.mark.hint("Compute the normalised input of one point with a pencil: the mean goes first, then the division.")
def test_logits_are_right(student, reference, draw, compare):
    """The network normalises its input and computes the right logits, for any size of batch."""
    net, expected_net, _ = given_weights(student, reference, draw, compare)
    for size in (1, 7, 64):
        x = draw.uniform(-0.5, 1.5, (size, 2))
        compare.close(net(x), expected_net(x).detach(), what=f"the output for a batch of {size}")
        compare.unchanged(student, net, x)


@pytest.mark.points(1)
@pytest.mark.hint("Which tensors does `forward` use, and which of them does `net.to(device)` know of?")
def test_network_moves_there_and_back(student, reference, draw, compare, device):
    """The whole network goes where `net.to(device)` sends it, and comes back with `net.to("cpu")`."""
    net, expected_net, _ = given_weights(student, reference, draw, compare)
    x = draw.uniform(-0.5, 1.5, (9, 2))
    expected = expected_net(x).detach()
    for place in (device, "cpu"):
        net.to(place)
        logits = net(student.hold(x, device=place))
        compare.device(logits, place, what=f"the output on {place}")
        compare.close(logits, expected, what=f"the output on {place}")


@pytest.mark.points(1)
@pytest.mark.hint("`net.parameters()` is what the optimizer changes: print the names and shapes of what is in it.")
def test_only_the_layers_are_trained(student, reference, draw, compare):
    """The 75 numbers of the two layers get gradients, and the mean and the standard deviation do not."""
    net, expected_net, names = given_weights(student, reference, draw, compare)
    x, v = draw.uniform(-0.5, 1.5, (9, 2)), draw.normal((9, 3))
    gradients = student.gradients(net, (x,), wrt="parameters", v=v)
    expected = torch.autograd.grad((expected_net(x) * v).sum(), list(expected_net.parameters()))
    compare.that(
        set(gradients) == set(names),
        f"The network has {len(gradients)} trainable tensors, where the two layers have four, with 75 numbers in all.",
    )
    for name, gradient in zip(names, expected, strict=True):
        compare.close(gradients[name], gradient, what=f"the gradient of {name}")
