"""Public tests: a few small cases to check your work with. The hidden ones look further.

    autograder check                as your answer is graded
    pytest test_public.py           without the grader
"""

import pytest
import torch

# The worked example of the handout: two inputs, two hidden units, two outputs, one step.
X = torch.tensor([1.0, 2.0])
START = [
    torch.tensor([[1.0, 0.0], [1.0, -1.0]]),
    torch.tensor([0.5, 0.0]),
    torch.tensor([[1.0, 2.0], [-2.0, 1.0]]),
    torch.tensor([0.5, -1.0]),
]
NORMS = torch.tensor([[1.7321, 0.5000, 3.1623, 1.1180], [1.7111, 0.4600, 3.1444, 1.1015]])

NAMES = ("theta1", "bias1", "theta2", "bias2")
SHAPES = ((32, 20), (32,), (32, 32), (32,))


def one_step(student, compare, **options):
    """Train one step of the worked example."""
    result = student.train(*START, X.reshape(1, 2), torch.tensor([0.01]), **options)
    return compare.keys(result, ["parameters", "costs", "norms", "residual"], what="what train returned")


@pytest.mark.task(1)
@pytest.mark.hint("theta1 has a row for each hidden unit, so it stands to the left of x.")
def test_forward_of_the_worked_example(student, compare):
    """The outputs of the worked example are (2, -4)."""
    compare.close(student.forward(X, *START), [2.0, -4.0], atol=1e-4, what="the output")


@pytest.mark.task(1)
@pytest.mark.hint("The outputs are summed first, and the sum is squared.")
def test_cost_of_the_worked_example(student, compare):
    """The cost of the outputs (2, -4) is 4."""
    compare.close(student.cost(torch.tensor([2.0, -4.0])), 4.0, atol=1e-4, what="the cost")


@pytest.mark.task(1)
@pytest.mark.hint("The first 600 steps share one rate; from then on it falls to a tenth every 100 steps.")
@pytest.mark.parametrize(("step", "rate"), [(0, 1e-3), (599, 1e-3), (600, 1e-4), (750, 1e-5)])
def test_rate_of_a_step(student, compare, step, rate):
    """The learning rate of step {step} is {rate}."""
    compare.close(student.learning_rate(step), rate, rtol=1e-5, atol=0, what=f"the rate of step {step}")


@pytest.mark.task(2)
@pytest.mark.hint("The handout works this step out by hand: compare its gradients with yours, one by one.")
def test_parameters_after_one_step(student, compare):
    """One step moves each parameter as in the worked example."""
    parameters = one_step(student, compare)["parameters"]
    compare.that(len(parameters) == 4, f"train returned {len(parameters)} parameters; it should be 4.")
    expected = ([[0.96, -0.08], [1.0, -1.0]], [0.46, 0.0], [[1.06, 2.0], [-1.94, 1.0]], [0.54, -0.96])
    for name, parameter, value in zip(NAMES, parameters, expected, strict=True):
        compare.close(parameter, value, atol=1e-4, what=name)


@pytest.mark.task(2)
def test_records_of_one_step(student, compare):
    """The cost, the norms and the residual of one step are those of the worked example."""
    result = one_step(student, compare)
    compare.close(result["costs"], [4.0], atol=1e-4, what="`costs`")
    compare.close(result["norms"], NORMS, atol=1e-4, what="`norms`")
    compare.close(result["residual"], [3.2016, 3.1545], atol=1e-4, what="`residual`")


@pytest.mark.task(2)
@pytest.mark.hint("Weight decay adds weight_decay times the parameter to its gradient.")
def test_weight_decay_in_one_step(student, compare):
    """Weight decay pulls a parameter towards zero, beside its gradient."""
    bias1 = one_step(student, compare, weight_decay=0.5)["parameters"][1]
    compare.close(bias1, [0.5 - 0.01 * (4.0 + 0.5 * 0.5), 0.0], atol=1e-4, what="bias1")


@pytest.mark.task(2)
@pytest.mark.hint("Norms and residual are recorded once before the first step, and once after each.")
def test_shapes_of_five_steps(student, compare):
    """Five steps give five costs, and six rows of norms and of the residual."""
    torch.manual_seed(0)
    start = [0.1 * torch.randn(shape) for shape in SHAPES]
    result = student.train(*start, torch.randn(5, 20), torch.full((5,), 0.001))
    compare.keys(result, ["parameters", "costs", "norms", "residual"], what="what train returned")
    for name, parameter, shape in zip(NAMES, result["parameters"], SHAPES, strict=True):
        compare.shape(parameter, shape, what=name)
    compare.shape(result["costs"], (5,), what="`costs`")
    compare.shape(result["norms"], (6, 4), what="`norms`")
    compare.shape(result["residual"], (6,), what="`residual`")


@pytest.mark.task(2)
@pytest.mark.hint("`x -= y` changes the tensor x itself, whoever else has it: train on copies.")
def test_train_leaves_its_arguments_alone(student, compare):
    """`train` does not change the tensors that it is given."""
    given = [tensor.clone() for tensor in START]
    after = student.arguments_after("train", *given, X.reshape(1, 2), torch.tensor([0.01]))
    for name, now, before in zip(NAMES, after[:4], START, strict=True):
        compare.close(now, before, rtol=0, atol=0, what=f"the argument {name}")


@pytest.mark.task(3)
@pytest.mark.hint("The last row of norms is compared with a fraction of the first.")
def test_converged_answers_for_each_parameter(student, compare):
    """Of the norms of the worked example, only that of bias1 has fallen below 95 %."""
    answers = compare.list_of(student.converged_to_zero(NORMS, 0.95), bool, 4, what="the list of answers")
    compare.close(answers, [False, True, False, False], what="the list of answers")
