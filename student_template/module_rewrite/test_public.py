"""Public tests of model.py; most use the worked example of the handout. The hidden ones look further.

    autograder check                as your answer is graded
    pytest test_public.py           without the grader
"""

import pytest
import torch

INPUTS = torch.tensor([[1.0, -2.0], [-1.0, 3.0], [-1.0, -1.0]])
LOGITS = torch.tensor([[1.0, 0.0, 0.5], [0.0, 6.0, 0.5], [0.0, 0.0, 0.5]])


def example(student):
    """Return the network of the worked example."""
    theta1, bias1 = torch.zeros(2, 12), torch.zeros(12)
    theta2, bias2 = torch.zeros(12, 3), torch.tensor([0, 0, 0.5])
    theta1[0, 0] = theta1[1, 1] = theta2[0, 0] = 1
    theta2[1, 1] = 2
    return student.from_tensors(theta1, bias1, theta2, bias2)


@pytest.mark.task(1)
@pytest.mark.hint("Print [p.shape for p in SimpleNet().parameters()]: only what is assigned to self is registered.")
def test_a_new_network_has_75_numbers_in_four_parameters(student, compare):
    """A new SimpleNet registers 75 numbers: two weight matrices and two biases."""
    sizes = sorted(value.numel() for value in student.SimpleNet().state_dict().values())
    compare.that(sizes == [3, 12, 24, 36], f"The parameters have {sizes} numbers; it should be [3, 12, 24, 36].")


@pytest.mark.task(1)
@pytest.mark.parametrize("batch", [1, 5])
def test_a_new_network_gives_three_logits_for_each_sample(student, compare, batch):
    """A new SimpleNet gives three logits for each sample of a batch."""
    compare.shape(student.SimpleNet()(torch.randn(batch, 2)), (batch, 3), what="the output")


@pytest.mark.task(1)
@pytest.mark.hint("What is computed from `.data`, `.detach()` or `.item()` is cut off from the parameters.")
def test_each_parameter_gets_a_gradient(student, compare):
    """Each of the four parameters gets a gradient."""
    gradients = student.gradients(student.SimpleNet(), (torch.randn(5, 2),), wrt="parameters")
    compare.that(len(gradients) == 4, f"{len(gradients)} parameters got a gradient; it should be 4.")


@pytest.mark.task(2)
@pytest.mark.hint("nn.Linear computes x @ weight.T + bias: which of its entries should be theta1[0, 1]?")
def test_from_tensors_gives_the_logits_of_the_example(student, compare):
    """The network of the worked example gives its logits."""
    compare.close(example(student)(INPUTS), LOGITS, what="the output")


@pytest.mark.task(2)
@pytest.mark.hint("Is the parameter a copy of the tensor, or the tensor itself?")
def test_the_network_has_its_own_copy_of_a_bias(student, compare):
    """The network does not change when a tensor that it was made from is changed."""
    bias2 = student.hold(torch.ones(3))
    net = student.from_tensors(torch.zeros(2, 12), torch.zeros(12), torch.zeros(12, 3), bias2)
    bias2.zero_()
    compare.close(net(INPUTS), torch.ones(3, 3), what="the output")


@pytest.mark.task(3)
@pytest.mark.needs("test_from_tensors_gives_the_logits_of_the_example")
def test_accuracy_of_the_example(student, compare):
    """In the worked example, two of three samples are classified right."""
    compare.close(student.accuracy(example(student), INPUTS, torch.tensor([0, 1, 0])), 2 / 3, what="the accuracy")


@pytest.mark.task(4)
@pytest.mark.needs("test_from_tensors_gives_the_logits_of_the_example")
def test_load_gives_back_what_save_wrote(student, compare):
    """`load` gives a network with the logits of the one that was saved."""
    student.save(example(student), "example.net")
    compare.close(student.load("example.net")(INPUTS), LOGITS, what="the output of the loaded network")


@pytest.mark.task(4)
@pytest.mark.needs("test_from_tensors_gives_the_logits_of_the_example")
@pytest.mark.hint("Does what you save with add an ending to the name?")
def test_save_writes_its_file_at_the_path(student, compare):
    """`save` writes a file at the path that it is given."""
    student.save(example(student), "example.net")
    compare.that(student.read_file("example.net"), "The file at the path is empty.")
