"""Public tests: a few small cases to check your work with. The hidden ones look further.

autograder check                as your answer is graded
pytest test_public.py           without the grader
"""

import pytest
import torch

MATRIX = torch.tensor([[1.0, 2.0], [0.0, 3.0]])


@pytest.mark.task(1)
@pytest.mark.hint("The matrix is not symmetric: the gradient is (M + Mᵀ) · x.")
def test_gradient_of_a_quadratic(student, compare):
    """The gradient of the worked example at (1, 2) is (6, 14)."""
    compare.close(
        student.gradient(student.quadratic(MATRIX), torch.tensor([1.0, 2.0])), [6.0, 14.0], what="the gradient"
    )


@pytest.mark.task(1)
@pytest.mark.hint("A tensor of integers cannot require a gradient.")
def test_gradient_at_integers(student, compare):
    """The gradient of the sum of cubes at the integers 1, 2, 3 is 3, 12, 27."""
    actual = student.gradient(student.cubes(torch.ones(3)), torch.tensor([1, 2, 3]))
    compare.close(actual, [3.0, 12.0, 27.0], what="the gradient")


@pytest.mark.task(1)
@pytest.mark.hint("Autograd takes what is detached for a constant.")
def test_gradient_of_a_detached_factor(student, compare):
    """For x · x² with the first x detached, autograd's derivative at 2 is 2 · 2 · 2."""
    actual = student.gradient(student.half_detached(torch.ones(1)), torch.tensor([2.0]))
    compare.close(actual, [8.0], what="the gradient")


@pytest.mark.task(2)
@pytest.mark.hint("At 0 the derivative of tanh is 1, so that the Jacobian is the weight itself.")
def test_vector_jacobian_product_of_a_layer(student, compare):
    """The product of v = (1, 10, 100) with the Jacobian of the worked example is (531, 642)."""
    f = student.layer(torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), torch.zeros(3))
    actual = student.vector_jacobian_product(f, torch.zeros(2), torch.tensor([1.0, 10.0, 100.0]))
    compare.close(actual, [531.0, 642.0], what="the product")


@pytest.mark.task(3)
@pytest.mark.hint("Compute in float64, with a step between 1e-6 and 1e-4.")
def test_numerical_gradient_of_cubes(student, compare):
    """The sum of cubes has the gradient 3, 12, 27 at 1, 2, 3 by differences too, to 1e-6."""
    actual = student.numerical_gradient(student.cubes(torch.ones(3)), torch.tensor([1.0, 2.0, 3.0]))
    compare.close(actual, [3.0, 12.0, 27.0], rtol=1e-6, atol=1e-6, what="the gradient by differences")


@pytest.mark.task(3)
def test_numerical_gradient_sees_the_detached_factor(student, compare):
    """For x · x² with the first x detached, the slope of the values at 2 is 3 · 2²."""
    actual = student.numerical_gradient(student.half_detached(torch.ones(1)), torch.tensor([2.0]))
    compare.close(actual, [12.0], rtol=1e-6, atol=1e-6, what="the gradient by differences")


@pytest.mark.task(4)
@pytest.mark.hint("What `.grad` holds goes on changing: record a copy.")
def test_accumulated_over_three_calls(student, compare):
    """After one, two and three calls of backward, `.grad` holds 12, 24 and 36."""
    actual = student.accumulated(student.cubes(torch.ones(1)), torch.tensor([2.0]), 3)
    compare.close(actual, [[12.0], [24.0], [36.0]], what="the list of `.grad`")


@pytest.mark.task(5)
@pytest.mark.hint("Two rounds make y = x⁴.")
def test_loop_gradient_from_two(student, compare):
    """From x = 2 with limit 10, the loop ends at 16, and the derivative is 32."""
    y, derivative = student.loop_gradient(torch.tensor(2.0), 10.0)
    compare.close(y, 16.0, what="y")
    compare.close(derivative, 32.0, what="the derivative")


@pytest.mark.task(6)
@pytest.mark.hint("None stands for what was not wanted, zero for what has no influence.")
def test_selected_gradients_of_the_worked_example(student, compare):
    """The gradients of the table and of the shift are those of the worked example, and no other is given."""
    f = student.embedding_cost(torch.tensor([[1.0], [1.0]]))
    parameters = [torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([2, 2]), torch.tensor(1.0), torch.tensor(5.0)]
    actual = student.selected_gradients(f, parameters, [True, False, False, True])
    compare.that(len(actual) == 4, "There must be one entry for each parameter.")
    compare.close(actual[0], [[0.0], [0.0], [8.0]], what="the gradient of the table")
    compare.that(actual[1] is None and actual[2] is None, "What is not wanted must be None.")
    compare.close(actual[3], 0.0, what="the gradient of the shift")
