"""Public tests: a few small cases to check your work with. The hidden ones look further.

    autograder check                as your answer is graded
    pytest test_public.py           without the grader
"""

import math

import pytest
import torch

# The worked example of the handout: one sample, two hidden units.
X, LABEL = torch.tensor([[0.8, 0.4]]), torch.tensor([1])
START = [
    torch.tensor([[1.0, -1.0], [0.0, 1.0]]),
    torch.tensor([0.0, 0.0]),
    torch.tensor([[1.0, 0.0, -1.0], [0.0, 2.0, 0.0]]),
    torch.tensor([0.0, 0.5, 0.0]),
]
LOGITS = torch.tensor([[0.8, 0.5, -0.8]])
PROBABILITIES = [[0.5147, 0.3813, 0.1039]]
AFTER = (
    [[0.9671, -1.0], [-0.0164, 1.0]],
    [-0.0411, 0.0],
    [[0.9588, 0.0495, -1.0083], [0.0, 2.0, 0.0]],
    [-0.0515, 0.5619, -0.0104],
)
NAMES = ("theta1", "bias1", "theta2", "bias2")

# Four points, one for each side of the two lines. With START their predictions are 1, 0, 0, 1.
POINTS = torch.tensor([[0.125, 0.5], [0.625, 0.125], [0.875, 0.5], [0.5, 0.875]])


@pytest.mark.task(1)
@pytest.mark.hint("The second rule has the last word, and on a line nothing is greater.")
def test_labels_of_a_few_points(student, compare):
    """Each side of the two lines has its label, and the middle of the square has label 0."""
    compare.close(student.labels_of(POINTS), [0, 2, 1, 1], what="the tensor of labels")
    compare.close(student.labels_of(torch.tensor([[0.5, 0.5]])), [0], what="the label of the middle")


@pytest.mark.task(1)
def test_shapes_of_a_dataset(student, compare):
    """A dataset of 200 has 200 points, 200 labels, and new points when it is drawn again."""
    (inputs, labels), (others, _) = student.dataset(200), student.dataset(200)
    compare.shape(inputs, (200, 2), what="the tensor of points")
    compare.shape(labels, (200,), what="the tensor of labels")
    different = torch.as_tensor(inputs) != torch.as_tensor(others)
    compare.that(bool(different.any()), "Two datasets have the same points.")


@pytest.mark.task(2)
@pytest.mark.hint("Only the hidden layer is rectified.")
def test_forward_of_the_worked_example(student, compare):
    """The logits of the worked example are (0.8, 0.5, -0.8)."""
    compare.close(student.forward(X, *START), LOGITS, what="the output of forward")


@pytest.mark.task(2)
def test_softmax_of_the_worked_example(student, compare):
    """The probabilities of the worked example are (0.5147, 0.3813, 0.1039), beside any other sample."""
    compare.close(student.softmax(LOGITS), PROBABILITIES, atol=1e-4, what="the tensor of probabilities")
    batch = torch.cat([torch.zeros(1, 3), LOGITS])
    expected = [[1 / 3] * 3, *PROBABILITIES]
    compare.close(student.softmax(batch), expected, atol=1e-4, what="the tensor of probabilities")


@pytest.mark.task(2)
@pytest.mark.hint("Subtract the greatest logit of a row from all of its logits: what does that change?")
def test_softmax_of_large_logits(student, compare):
    """Logits of 1000 and 1000 mean one half each."""
    compare.close(student.softmax(torch.tensor([[1000.0, 1000.0]])), [[0.5, 0.5]], what="the tensor of probabilities")


@pytest.mark.task(2)
@pytest.mark.hint("log(exp(z) / sum) = z - log(sum)")
def test_loss_of_a_few_logits(student, compare):
    """The loss is 0.9641 in the worked example, log 3 for equal logits, and 1000 for a gap of 1000 the wrong way."""
    compare.close(student.crossentropy(LOGITS, LABEL), 0.9641, atol=1e-4, what="the loss of the worked example")
    compare.close(student.crossentropy(torch.zeros(4, 3), torch.tensor([0, 1, 2, 0])), math.log(3), what="the loss")
    far = torch.tensor([[1000.0, 0.0]])
    compare.close(student.crossentropy(far, torch.tensor([1])), 1000.0, what="the loss of a gap of 1000")


@pytest.mark.task(3)
@pytest.mark.hint("Compare the gradient of each parameter with the handout's step, one by one.")
def test_one_step_of_the_worked_example(student, compare):
    """One step with rate 0.1 moves each parameter as in the worked example."""
    result = student.train(*START, X, LABEL, 1, 0.1)
    compare.keys(result, ["parameters", "costs"], what="what train returned")
    compare.close(result["costs"], [0.9641], atol=1e-4, what="`costs`")
    compare.that(len(result["parameters"]) == 4, "train does not return four parameters.")
    for name, parameter, value in zip(NAMES, result["parameters"], AFTER, strict=True):
        compare.close(parameter, value, atol=1e-4, what=name)


@pytest.mark.task(3)
@pytest.mark.hint("At rate 0 nothing moves, so a cost repeats when its batch does.")
def test_costs_repeat_with_their_batches(student, compare):
    """With 50 samples and rate 0, the costs repeat after three steps, and not before."""
    torch.manual_seed(0)
    inputs, labels = torch.rand(50, 2), torch.randint(3, (50,))
    costs = student.train(*START, inputs, labels, 6, 0.0)["costs"]
    costs = torch.as_tensor([float(cost) for cost in costs])
    compare.close(costs[3:], costs[:3], what="the second half of the costs")
    compare.that(len(set(costs[:3].tolist())) == 3, "Two of the first three batches have the same cost.")


@pytest.mark.task(3)
@pytest.mark.hint("`x -= y` changes the tensor x itself, whoever else has it: train on copies.")
def test_train_leaves_its_arguments_alone(student, compare):
    """`train` does not change the tensors that it is given."""
    after = student.arguments_after("train", *[tensor.clone() for tensor in START], X, LABEL, 2, 0.1)
    for name, now, before in zip(NAMES, after[:4], START, strict=True):
        compare.close(now, before, rtol=0, atol=0, what=f"the argument {name}")


@pytest.mark.task(4)
@pytest.mark.hint("With these parameters the four points are predicted as 1, 0, 0 and 1.")
@pytest.mark.parametrize("name", ["accuracy_one_by_one", "accuracy"])
def test_accuracy_of_four_points(student, compare, name):
    """{name}: of four points, three are predicted right."""
    value = getattr(student, name)(*START, POINTS, torch.tensor([1, 0, 2, 1]))
    compare.close(value, 0.75, what="the accuracy")


@pytest.mark.task(5)
@pytest.mark.parametrize(("patience", "expected"), [(2, (1, 3)), (3, (4, 4))])
def test_early_stopping_of_the_handout(student, compare, patience, expected):
    """The losses of the handout stop after epoch 3 with patience 2, and go on to the end with patience 3."""
    answer = student.early_stopping([0.9, 0.7, 0.8, 0.75, 0.6], patience)
    compare.close(answer, expected, what="the pair of the best and the last epoch")


@pytest.mark.task(5)
@pytest.mark.hint("What the network learns is wrong for the validation data here, so the first epoch is the best.")
def test_fit_returns_the_best_epoch(student, compare):
    """When the validation loss only rises, fit stops after patience + 1 epochs and returns what the first one gave."""
    result = student.fit(*START, X, LABEL, X, torch.tensor([0]), 10, 0.1, 3)
    compare.keys(result, ["parameters", "validation_losses"], what="what fit returned")
    compare.shape(result["validation_losses"], (4,), what="`validation_losses`")
    for name, parameter, value in zip(NAMES, result["parameters"], AFTER, strict=True):
        compare.close(parameter, value, atol=1e-4, what=name)


@pytest.mark.task(6)
@pytest.mark.hint("A network with its hidden units in another order predicts the same.")
def test_averages_of_a_network_and_its_twin(student, compare):
    """The mean prediction of two equal networks is theirs; the mean of their parameters is another network."""
    theta1, bias1, theta2, bias2 = START
    twin = [theta1.flip(1), bias1.flip(0), theta2.flip(0), bias2]
    mean = student.average_predictions([START, twin], X)
    compare.close(mean, PROBABILITIES, atol=1e-4, what="the mean of the predictions")
    theta1, _, theta2, bias2 = student.average_parameters([START, twin])
    compare.close(theta1, [[0.0, 0.0], [0.5, 0.5]], what="the mean of theta1")
    compare.close(theta2, [[0.5, 1.0, -0.5], [0.5, 1.0, -0.5]], what="the mean of theta2")
    compare.close(bias2, [0.0, 0.5, 0.0], what="the mean of bias2")
