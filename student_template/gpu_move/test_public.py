"""Public tests: a few small cases to check your work with. The hidden ones look further.

    autograder check                on the CPU and on a GPU, simulated where there is none
    pytest test_public.py           on what you have
"""

import numpy as np
import pytest
import torch

# The worked example of the handout.
INPUTS = torch.tensor([[0.2, 0.7], [0.9, 0.05], [0.8, 0.6], [0.3, 0.4]])
LABELS = torch.tensor([0, 2, 1, 0])

LAYER_SHAPES = [(3,), (3, 12), (12,), (12, 2)]


def filled_net(student, weights):
    """Return a new network with these weights, given by their shapes, and with zeros for what is not given."""
    net = student.Net()
    state = net.state_dict()
    for name, value in state.items():
        shape = tuple(value.shape)
        if shape in LAYER_SHAPES:
            state[name] = weights.get(shape, torch.zeros(shape))
    net.load_state_dict(state)
    return net


@pytest.mark.task(1)
@pytest.mark.hint("`net.parameters()` is what the optimizer changes: print the names and shapes of what is in it.")
def test_net_has_75_numbers_to_train(student, compare):
    """The network trains the 75 numbers of its two layers, and nothing else."""
    gradients = student.gradients(student.Net(), (INPUTS,), wrt="parameters")
    shapes = sorted(tuple(gradient.shape) for gradient in gradients.values())
    compare.that(shapes == LAYER_SHAPES, f"What is trained has the shapes {shapes}; it should be {LAYER_SHAPES}.")


@pytest.mark.task(1)
@pytest.mark.hint("(0.79, 0.5) is one standard deviation to the right of the mean: it becomes (1, 0).")
def test_net_normalises_then_computes_its_logits(student, compare):
    """With weights that are given, the logits of (0.79, 0.5) are those of the formula."""
    first, second = torch.zeros(12, 2), torch.zeros(3, 12)
    first[0, 0] = 1
    second[:, 0] = torch.tensor([1.0, 2.0, 3.0])
    net = filled_net(student, {(12, 2): first, (3, 12): second, (3,): torch.tensor([0.0, 0.0, 0.5])})
    compare.close(net(torch.tensor([[0.79, 0.5]])), [[1.0, 2.0, 3.5]], what="the output")


@pytest.mark.task(1)
def test_net_sees_the_mean_as_zero(student, compare):
    """The mean (0.5, 0.5) is zero for the network, so that only the biases are left of its logits."""
    net = filled_net(student, {(12, 2): torch.ones(12, 2), (3, 12): torch.ones(3, 12)})
    compare.close(net(torch.tensor([[0.5, 0.5]])), [[0.0, 0.0, 0.0]], what="the output")


@pytest.mark.task(1)
@pytest.mark.hint("Which tensors does `forward` use, and which of them does `net.to(device)` know of?")
def test_net_moves_as_a_whole(student, compare, device):
    """The whole network goes where `net.to(device)` sends it."""
    net = student.Net()
    net.to(device)
    compare.device(net(student.hold(INPUTS, device=device)), device, what="the output")


@pytest.mark.task(2)
@pytest.mark.hint("The first loss is that of seed 0, the second depends on the rate, the third on momentum too.")
def test_train_gives_the_losses_of_the_handout(student, compare, device):
    """Three steps of the worked example have the losses 1.1111, 0.9467 and 0.8010."""
    _, losses, _ = student.train(device, INPUTS, LABELS, INPUTS[:2], 3)
    compare.close(losses, [1.1111, 0.9467, 0.8010], atol=1e-3, what="the list of losses")


@pytest.mark.task(2)
@pytest.mark.hint("A loss that is still a tensor keeps its whole graph alive: ask it for its number.")
def test_losses_are_a_list_of_floats(student, compare, device):
    """The losses come as a list of Python floats, one a step."""
    _, losses, _ = student.train(device, INPUTS, LABELS, INPUTS[:2], 3)
    compare.list_of(losses, float, 3, what="the list of losses")


@pytest.mark.task(2)
def test_train_predicts_with_a_numpy_array_of_integers(student, compare, device):
    """The predictions are a NumPy array with one integer for each test point."""
    _, _, predictions = student.train(device, INPUTS, LABELS, torch.rand(7, 2), 2)
    compare.that(isinstance(predictions, np.ndarray), "The predictions are no NumPy array.")
    compare.that(predictions.dtype.kind in "iu", f"The predictions have dtype {predictions.dtype}, no integer type.")
    compare.shape(predictions, (7,), what="the array of predictions")


@pytest.mark.task(2)
@pytest.mark.needs("test_net_moves_as_a_whole")
def test_train_returns_the_network_on_the_device(student, compare, device):
    """The trained network is on the device on which it was trained."""
    net, _, _ = student.train(device, INPUTS, LABELS, INPUTS[:2], 1)
    compare.device(net(student.hold(INPUTS, device=device)), device, what="the output of the trained network")


@pytest.mark.task(3)
@pytest.mark.hint("Move both tensors: moving one that is there already costs nothing.")
def test_add_on_brings_the_sum_back(student, compare, device):
    """The sum comes back to the CPU, also when one of the tensors is on the device already."""
    a, b = torch.tensor([1.0, 2.0]), torch.tensor([10.0, 20.0])
    total = student.add_on(device, a, student.hold(b, device=device))
    compare.close(total, [11.0, 22.0], what="the sum")
    compare.device(total, "cpu", what="the sum")


@pytest.mark.task(3)
def test_add_on_leaves_its_arguments_alone(student, compare, device):
    """`add_on` changes neither of the tensors that it is given."""
    a, b = torch.tensor([1.0, 2.0]), torch.tensor([10.0, 20.0])
    _, a_after, b_after = student.arguments_after("add_on", device, a, b)
    compare.close(a_after, [1.0, 2.0], what="the argument a")
    compare.close(b_after, [10.0, 20.0], what="the argument b")
