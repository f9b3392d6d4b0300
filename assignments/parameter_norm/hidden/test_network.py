"""Task 1: the network, its cost and its learning rate."""

import pytest
import torch

pytestmark = pytest.mark.task(1)


@pytest.mark.points(1)
@pytest.mark.hint("Only the hidden layer is rectified, and row i of a weight matrix holds the weights of unit i.")
def test_forward_is_relu_between_two_affine_layers(student, reference, draw, compare):
    """forward is an affine layer, a ReLU, and an affine layer whose output may be negative."""
    for inputs, hidden, outputs in [(20, 32, 32), (5, 7, 3), (1, 4, 1)]:
        arguments = [draw.normal(shape) for shape in (inputs, (hidden, inputs), hidden, (outputs, hidden), outputs)]
        compare.close(student.forward(*arguments), reference.forward(*arguments), what="z")
    compare.unchanged(student, "forward", *arguments)


@pytest.mark.points(1)
@pytest.mark.hint("First add the outputs up, then square the one number that you have.")
def test_cost_is_the_square_of_the_sum(student, reference, draw, compare):
    """cost is the square of the sum of the outputs, as a scalar."""
    for z in (draw.normal(32), draw.uniform(1, 2, 5), draw.uniform(-3, -2, 1), torch.tensor([1.0, -1.0, 2.0, -2.0])):
        compare.close(student.cost(z), reference.cost(z), what="The cost")
    compare.unchanged(student, "cost", z)


@pytest.mark.points(0.5)
@pytest.mark.hint("Work out by hand what your formula gives at steps 0, 550, 599 and 600.")
def test_the_rate_is_constant_until_step_600(student, reference, compare):
    """learning_rate is 0.001 up to and including step 599, and a tenth of it at step 600."""
    steps = [0, 1, 250, 499, 500, 501, 550, 599, 600]
    compare_rates(student, reference, compare, steps)


@pytest.mark.points(0.5)
@pytest.mark.hint("The rate is a staircase: level for a hundred steps, then a tenth of the stair before.")
def test_the_rate_falls_tenfold_every_hundred_steps(student, reference, draw, compare):
    """learning_rate falls tenfold at steps 600, 700, 800 and so on, and stays level in between."""
    edges = [step for edge in range(600, 1300, 100) for step in (edge, edge + 99)]
    compare_rates(student, reference, compare, edges + draw.integers(600, 1300, 5).tolist())


def compare_rates(student, reference, compare, steps):
    """The rates become tiny, so the comparison is relative: an absolute allowance would hide a wrong one."""
    for step in steps:
        rate, right = student.learning_rate(step), reference.learning_rate(step)
        compare.close(rate, right, rtol=1e-5, atol=0, what=f"The rate of step {step}")
