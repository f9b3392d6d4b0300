"""Public tests: a few small cases to check your work with, `pytest test_public.py`. The hidden ones look further."""

import parameter_norm
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


def numbers(values):
    """Turn a tensor, an array or a list of them into nested lists of floats."""
    if isinstance(values, (list, tuple)):
        return [numbers(value) for value in values]
    return torch.as_tensor(values).detach().double().tolist()


def one_step(**options):
    return parameter_norm.train(*START, X.reshape(1, 2), torch.tensor([0.01]), **options)


def assert_close(actual, expected):
    torch.testing.assert_close(torch.tensor(numbers(actual)), torch.tensor(expected), rtol=0, atol=1e-4)


def test_forward_of_the_worked_example():
    assert_close(parameter_norm.forward(X, *START), [2.0, -4.0])


def test_cost_of_the_worked_example():
    assert_close(parameter_norm.cost(torch.tensor([2.0, -4.0])), 4.0)


@pytest.mark.parametrize(("step", "rate"), [(0, 1e-3), (599, 1e-3), (600, 1e-4), (750, 1e-5)])
def test_rate_of_a_step(step, rate):
    assert float(parameter_norm.learning_rate(step)) == pytest.approx(rate, rel=1e-5)


def test_parameters_after_one_step():
    theta1, bias1, theta2, bias2 = one_step()["parameters"]
    assert_close(theta1, [[0.96, -0.08], [1.0, -1.0]])
    assert_close(bias1, [0.46, 0.0])
    assert_close(theta2, [[1.06, 2.0], [-1.94, 1.0]])
    assert_close(bias2, [0.54, -0.96])


def test_records_of_one_step():
    result = one_step()
    assert_close(result["costs"], [4.0])
    assert_close(result["norms"], NORMS.tolist())
    assert_close(result["residual"], [3.2016, 3.1545])


def test_weight_decay_in_one_step():
    bias1 = one_step(weight_decay=0.5)["parameters"][1]
    assert_close(bias1, [0.5 - 0.01 * (4.0 + 0.5 * 0.5), 0.0])


def test_shapes_of_five_steps():
    torch.manual_seed(0)
    start = [0.1 * torch.randn(shape) for shape in ((32, 20), (32,), (32, 32), (32,))]
    result = parameter_norm.train(*start, torch.randn(5, 20), torch.full((5,), 0.001))
    shapes = [torch.tensor(numbers(parameter)).shape for parameter in result["parameters"]]
    assert shapes == [tensor.shape for tensor in start]
    assert torch.tensor(numbers(result["costs"])).shape == (5,)
    assert torch.tensor(numbers(result["norms"])).shape == (6, 4)
    assert torch.tensor(numbers(result["residual"])).shape == (6,)


def test_train_leaves_its_arguments_alone():
    before = [tensor.clone() for tensor in START]
    one_step()
    assert all(torch.equal(now, then) for now, then in zip(START, before, strict=True))


def test_converged_answers_for_each_parameter():
    assert parameter_norm.converged_to_zero(NORMS, 0.95) == [False, True, False, False]
