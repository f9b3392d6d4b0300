"""Tasks 5 and 6: a graph as long as the data say, and parameters that are no part of it."""

import pytest

NAMES = ("table", "rows", "scale", "shift")


@pytest.mark.task(5)
@pytest.mark.points(1)
@pytest.mark.hint("Each round of the loop is a multiplication that autograd records: what must y stay, all the while?")
@pytest.mark.allow("argument", reason="Where x is not below the limit there is no round, and y is x.")
def test_loop_gradient_follows_as_many_rounds_as_there_were(student, reference, draw, compare):
    """loop_gradient gives y and its derivative, after no round, one, two or three."""
    for rounds, low, high, limit in [(2, 1.9, 2.5, 10.0), (3, 1.4, 1.7, 9.0), (1, 4.5, 6.0, 15.0), (0, 2.5, 3.5, 2.0)]:
        for x in (draw.uniform(low, high, ()), draw.uniform(low, high, ()).double()):
            expected = reference.loop_gradient(x, limit)
            actual = student.loop_gradient(x, limit)
            two = isinstance(actual, (list, tuple)) and len(actual) == 2
            compare.that(two, "`loop_gradient` returned no pair: y and its derivative.")
            compare.close(actual[0], expected[0], what=f"y after {rounds} rounds")
            compare.close(actual[1], expected[1], what=f"the derivative after {rounds} rounds")
            compare.unchanged(student, "loop_gradient", x, limit)


@pytest.mark.task(6)
@pytest.mark.points(1)
@pytest.mark.hint("Let only those parameters require a gradient that are wanted; integers cannot.")
def test_selected_gradients_are_those_that_are_wanted(student, reference, draw, compare):
    """selected_gradients gives a gradient for each parameter that is wanted, and None for each other."""
    for wanted in ([True, False, True, False], [True, False, False, False], [False, False, True, False]):
        parameters, target = network(draw)
        expected = reference.selected_gradients(reference.embedding_cost(target), parameters, wanted)
        f = student.embedding_cost(target)
        actual = student.selected_gradients(f, parameters, wanted)
        compare_gradients(compare, actual, expected)
        compare.unchanged(student, "selected_gradients", f, parameters, wanted)


@pytest.mark.task(6)
@pytest.mark.points(0.5)
@pytest.mark.hint("How does the result of f change when the shift does? autograd says None where it means that.")
def test_selected_gradient_of_an_unused_parameter_is_zero(student, reference, draw, compare):
    """The gradient of a parameter that is wanted, and that the function does not use, is zero and not None."""
    for wanted in ([True, False, True, True], [True, False, False, True]):
        parameters, target = network(draw)
        expected = reference.selected_gradients(reference.embedding_cost(target), parameters, wanted)
        actual = student.selected_gradients(student.embedding_cost(target), parameters, wanted)
        # What stands where nothing is wanted is the claim of the test above.
        compare_gradients(compare, actual, expected, others=False)


def network(draw):
    """Draw the four parameters of embedding_cost, and its target."""
    rows = draw.integers(0, 4, 6)
    return [draw.normal((4, 3)), rows, draw.uniform(1, 2, ()), draw.normal(())], draw.normal((6, 3))


def compare_gradients(compare, actual, expected, others=True):
    """Claim a list of one gradient for each parameter, None where None is expected if `others` are looked at."""
    four = isinstance(actual, (list, tuple)) and len(actual) == len(expected)
    compare.that(four, "`selected_gradients` returned no list with one entry for each parameter.")
    for got, wanted, name in zip(actual, expected, NAMES, strict=True):
        if wanted is not None:
            compare.close(got, wanted, what=f"the gradient of {name}")
        elif others:
            compare.that(got is None, f"The entry of `{name}`, which was not wanted, is not None.")
