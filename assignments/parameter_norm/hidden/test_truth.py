"""Task 3: do the norms converge to zero? Not by training alone: they do with weight decay.

The bounds hold for a right program in 200 of 200 seeds, with room to spare; design.md has the measured ranges.
"""

import pytest
import torch

pytestmark = pytest.mark.task(3)

STEPS = 1000
NAMES = ("theta1", "bias1", "theta2", "bias2")


@pytest.mark.points(0.5)
@pytest.mark.hint("Two rows decide, the first and the last, for each column by itself; equal is not below.")
def test_converged_compares_the_last_norm_with_the_first(student, compare):
    """converged_to_zero says of each parameter whether its last norm is below the fraction of its first."""
    norms = torch.tensor([[8.0, 1.0, 0.5, 4.0], [0.0, 9.0, 0.0, 9.0], [2.0, 0.25, 0.375, 1.5]])
    for fraction, expected in [
        (0.5, [True, True, False, True]),
        (0.25, [False, False, False, False]),
        (0.3125, [True, True, False, False]),
        (1.0, [True, True, True, True]),
    ]:
        answer = compare.list_of(student.converged_to_zero(norms, fraction), bool, length=4, what="The list")
        compare.equal(answer, expected, what="The list")
    compare.unchanged(student, "converged_to_zero", norms, 0.5)
    still = compare.list_of(student.converged_to_zero(torch.zeros(2, 4), 0.5), bool, length=4, what="The list")
    compare.equal(still, [False] * 4, what="The list for norms that are zero from the start")


@pytest.mark.points(0.5)
@pytest.mark.needs("test_each_step_uses_its_own_gradient_input_and_rate")
@pytest.mark.hint("Compare your curves with those of the reference: where do they part, at once or step by step?")
def test_a_thousand_steps_end_where_they_should(student, reference, draw, compare, curves):
    """A thousand steps of the course's schedule end at the right parameters, and record the right curves."""
    arguments = the_course(reference, draw)
    expected = reference.train(*arguments)
    result = compare.keys(student.train(*arguments), ["parameters", "costs", "norms", "residual"])
    record(compare, curves, result, expected)
    # Rounding alone moves none of these by more than 5e-6 in a thousand steps.
    for parameter, right, name in zip(parameters_of(compare, result), expected["parameters"], NAMES, strict=True):
        compare.close(parameter, right, rtol=0, atol=1e-4, what=f"{name} after a thousand steps")
    for name in ("costs", "norms", "residual"):
        compare.close(result[name], expected[name], rtol=1e-4, atol=1e-4, what=f"`{name}`")


@pytest.mark.points(0.5)
@pytest.mark.needs("test_each_step_uses_its_own_gradient_input_and_rate")
@pytest.mark.hint("All rows of theta2 have the same gradient: what in your program moves more than the column means?")
def test_the_residual_falls_and_the_norms_stay(student, reference, draw, compare):
    """Training shrinks the residual and the cost, and leaves the norm of theta2 where it was."""
    arguments = the_course(reference, draw)
    before = arguments[:4]
    result = compare.keys(student.train(*arguments), ["parameters", "costs", "residual"])
    after = parameters_of(compare, result)
    for k, name in ((2, "theta2 minus its column means"), (3, "bias2 minus its mean")):
        compare.close(after[k] - after[k].mean(0), before[k] - before[k].mean(0), rtol=0, atol=1e-5, what=name)
    compare.that(after[2].norm() > 0.95 * before[2].norm(), "The norm of theta2 fell by more than a twentieth.")
    compare.that(
        reference.residual(after) < 0.75 * reference.residual(before), "The residual of your parameters hardly fell."
    )
    residual = numbers(compare, result["residual"], (STEPS + 1,), "`residual`")
    compare.that((residual[1:] <= residual[:-1] * (1 + 1e-5)).all(), "Your residual rises in one of the steps.")
    costs = numbers(compare, result["costs"], (STEPS,), "`costs`")
    compare.that(
        costs[-100:].median() < 0.5 * costs[:100].median(),
        "The median cost of the last hundred steps is more than half of that of the first hundred.",
    )


@pytest.mark.points(0.5)
@pytest.mark.needs("test_each_step_uses_its_own_gradient_input_and_rate")
@pytest.mark.hint("With decay 10, rate 0.001 and no gradient, how much of a parameter is left after one step?")
def test_weight_decay_takes_the_norms_to_zero(student, reference, draw, compare):
    """With weight decay the norms of all four parameters do converge to zero, by the factor that theory gives."""
    *before, inputs, _ = the_course(reference, draw)
    rate, weight_decay = 0.001, 10.0
    after = parameters_of(compare, student.train(*before, inputs, torch.full((STEPS,), rate), weight_decay))
    left = (1 - rate * weight_decay) ** STEPS
    for old, new, name in zip(before, after, NAMES, strict=True):
        ratio = new.norm() / old.norm() / left
        compare.between(ratio, 0.8, 1.2, what=f"The norm that is left of {name}, over what decay alone leaves,")


def the_course(reference, draw):
    """Parameters, inputs and rates of the course's thousand steps."""
    start = [0.1 * draw.normal(shape) for shape in ((32, 20), 32, (32, 32), 32)]
    rates = torch.tensor([reference.learning_rate(step) for step in range(STEPS)])
    return *start, draw.normal((STEPS, 20)), rates


def parameters_of(compare, result):
    """Return the four parameters in a student's result, each checked to be of the right shape and finite."""
    parameters = compare.keys(result, ["parameters"])["parameters"]
    four = isinstance(parameters, (list, tuple)) and len(parameters) == len(NAMES)
    compare.that(four, "`parameters` is not a list of four tensors: theta1, bias1, theta2, bias2.")
    shapes = ((32, 20), (32,), (32, 32), (32,))
    return [numbers(compare, *part) for part in zip(parameters, shapes, NAMES, strict=True)]


def numbers(compare, value, shape, what):
    """Return a student's value as float32, checked to be real, finite and of this shape."""
    tensor = compare.finite(compare.shape(value, shape, what=what), what=what)
    compare.that(not tensor.is_complex(), f"{what} is complex.")
    return tensor.float()


def record(compare, curves, result, expected):
    """Keep three curves for the report, before anything about them is judged."""
    norms = compare.shape(result["norms"], (STEPS + 1, 4), what="`norms`")
    curves.record("cost", student=result["costs"], reference=expected["costs"])
    curves.record("norm of theta2", student=norms[:, 2], reference=expected["norms"][:, 2])
    curves.record("residual", student=result["residual"], reference=expected["residual"])
