"""Task 2: the training loop and what it records.

One mistake should cost one claim. So costs are looked at with rates of zero or before the first step, norms and
residuals are held against the student's own parameters, and weight decay against the student's own step without it: a
wrong update does not make them wrong.
"""

import pytest
import torch

pytestmark = pytest.mark.task(2)

NAMES = ("theta1", "bias1", "theta2", "bias2")


@pytest.mark.points(1)
@pytest.mark.hint("Compare one step with the worked example of the handout, parameter by parameter.")
def test_one_step_goes_against_the_gradient(student, reference, draw, compare):
    """One step moves each of the four parameters by the rate times the gradient, downhill."""
    for sizes in [(20, 32, 32), (20, 32, 32), (5, 9, 3)]:
        arguments = *network(draw, *sizes), draw.normal((1, sizes[0])), draw.uniform(0.02, 0.04, 1)
        expected = reference.train(*arguments)["parameters"]
        compare_parameters(compare, parameters_of(compare, student.train(*arguments), expected), expected)


@pytest.mark.points(1)
@pytest.mark.hint("A step uses its own gradient, its own input and its own rate, and nothing of earlier steps.")
def test_each_step_uses_its_own_gradient_input_and_rate(student, reference, draw, compare):
    """After forty steps the parameters are those of gradient descent, one input and one rate a step."""
    arguments = *network(draw), draw.normal((40, 20)), draw.uniform(0.001, 0.005, 40)
    expected = reference.train(*arguments)["parameters"]
    compare_parameters(compare, parameters_of(compare, student.train(*arguments), expected), expected)


@pytest.mark.points(0.5)
@pytest.mark.hint("The decay of a parameter is added to its gradient, so the rate multiplies both.")
def test_weight_decay_is_added_to_the_gradient(student, draw, compare):
    """Weight decay takes rate times weight_decay times the parameter off each of the four, beside the gradient step."""
    for sizes in [(20, 32, 32), (5, 9, 3)]:
        start, rate, weight_decay = network(draw, *sizes), draw.uniform(0.02, 0.04, 1), 3.0
        arguments = *start, draw.normal((1, sizes[0])), rate
        plain = parameters_of(compare, student.train(*arguments), start)
        decayed = parameters_of(compare, student.train(*arguments, weight_decay=weight_decay), start)
        for without, with_decay, before, name in zip(plain, decayed, start, NAMES, strict=True):
            compare.close(without - with_decay, rate * weight_decay * before, what=f"What the decay takes off {name}")


@pytest.mark.points(0.5)
@pytest.mark.hint("A cost belongs to the parameters that the step started from, and to the input of that step alone.")
def test_a_cost_is_taken_before_its_step(student, reference, draw, compare):
    """costs holds the cost of each input under the parameters before its step."""
    start = network(draw)
    standing = *start, draw.normal((6, 20)), torch.zeros(6)
    moving = *start, draw.normal((1, 20)) + 1, torch.full((1,), 0.005)
    for arguments in (standing, moving):
        result = compare.keys(student.train(*arguments), ["costs"])
        compare.close(result["costs"], reference.train(*arguments)["costs"], what="`costs`")


@pytest.mark.points(1)
@pytest.mark.hint("Keep numbers, not tensors that go on changing; the first row is from before any step.")
def test_norms_follow_the_parameters(student, reference, draw, compare):
    """norms holds the Frobenius norm of each parameter before the first step and after each."""
    result, snapshots = stepwise(student, draw, compare)
    expected = torch.stack([reference.frobenius_norms(parameters) for parameters in snapshots])
    compare.close(compare.keys(result, ["norms"])["norms"], expected, what="`norms`")


@pytest.mark.points(0.5)
@pytest.mark.hint("The cost sees theta2 only through the sum of each column, and bias2 only through its sum.")
def test_residual_follows_the_parameters(student, reference, draw, compare):
    """residual holds √(‖s‖² + β²), from theta2 and bias2, before the first step and after each."""
    result, snapshots = stepwise(student, draw, compare)
    expected = torch.stack([reference.residual(parameters) for parameters in snapshots])
    compare.close(compare.keys(result, ["residual"])["residual"], expected, what="`residual`")


@pytest.mark.points(0.5)
@pytest.mark.hint("Work on copies of the tensors: a second name, or a detached view, is the same memory.")
@pytest.mark.allow(
    "argument", reason="After small steps the parameters are near where they began; that they move is asked for too."
)
def test_the_callers_tensors_stay_as_they_were(student, draw, compare):
    """train leaves its arguments as they were, so that the same tensors can be trained on twice."""
    start = network(draw)
    arguments = *start, draw.normal((3, 20)), torch.full((3,), 0.001)
    held = [student.hold(argument) for argument in arguments]
    first, second = (parameters_of(compare, student.train(*held), start) for _ in range(2))
    compare.unchanged(student, "train", *arguments)
    # To leave everything alone is no merit in a train that does not train: it has to move, a little, and twice alike.
    moved = any(not torch.equal(trained, before) for trained, before in zip(first, start, strict=True))
    compare.that(moved, "None of the parameters that train returns has moved.")
    for trained, again, before, name in zip(first, second, start, NAMES, strict=True):
        compare.close(trained, before, rtol=0, atol=0.1, what=f"{name} after three small steps")
        compare.close(again, trained, what=f"{name} after the second training on the same tensors")


def network(draw, inputs=20, hidden=32, outputs=32):
    """Parameters to start from, drawn as the course draws them: 0.1 times a standard normal."""
    return [0.1 * draw.normal(shape) for shape in ((hidden, inputs), hidden, (outputs, hidden), outputs)]


def parameters_of(compare, result, like):
    """Return the four parameters in a student's result as float32, each checked to be real, finite and of its shape."""
    parameters = compare.keys(result, ["parameters"])["parameters"]
    four = isinstance(parameters, (list, tuple)) and len(parameters) == len(NAMES)
    compare.that(four, "`parameters` is not a list of four tensors: theta1, bias1, theta2, bias2.")
    tensors = []
    for parameter, model, name in zip(parameters, like, NAMES, strict=True):
        tensor = compare.finite(compare.shape(parameter, model.shape, what=name), what=name)
        compare.that(not tensor.is_complex(), f"{name} is complex.")
        tensors.append(tensor.float())
    return tensors


def compare_parameters(compare, actual, expected):
    for parameter, right, name in zip(actual, expected, NAMES, strict=True):
        compare.close(parameter, right, what=f"{name} after the training")


def stepwise(student, draw, compare):
    """Train for three steps; return the result, and the student's parameters before the first step and after each."""
    start, inputs, rates = network(draw), draw.normal((3, 20)), draw.uniform(0.002, 0.005, 3)
    results = [student.train(*start, inputs[:steps], rates[:steps]) for steps in (1, 2, 3)]
    return results[-1], [start, *(parameters_of(compare, result, start) for result in results)]
