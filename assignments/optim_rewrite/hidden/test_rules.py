"""Tasks 3 and 4: update rules by hand, against torch.optim in float64.

The judge keeps the state between the steps and passes it back as it was returned. Gradients have sizes from 1e-8 to 1,
the rate changes from step to step, and two parameters take turns, so that what belongs to one of them is seen.
"""

import ast

import pytest
import torch

STEPS = 5


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint(
    "Take two steps of the worked example: is it v or the change of θ that differs first, and where is the rate?"
)
def test_momentum(student, source, draw, compare):
    """momentum adds each gradient to mu times the velocity, and moves by the rate times the velocity."""
    for mu in (0.9, 0.5):
        follow(student, source, draw, compare, "momentum", (mu,), lambda p, mu: torch.optim.SGD(p, lr=0.0, momentum=mu))


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint(
    "Take two steps of the worked example: is it v, or the look ahead along the new v, that differs first?"
)
def test_nesterov(student, source, draw, compare):
    """nesterov moves by the rate times the gradient plus mu times the new velocity."""
    for mu in (0.9, 0.5):
        follow(
            student,
            source,
            draw,
            compare,
            "nesterov",
            (mu,),
            lambda p, mu: torch.optim.SGD(p, 0.1, momentum=mu, nesterov=True),
        )


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint("The decay is added to the gradient, so the rate multiplies both.")
def test_weight_decay(student, source, draw, compare):
    """weight_decay moves by the rate times the gradient plus decay times the parameter."""
    for decay in (0.5, 2.0):
        follow(
            student,
            source,
            draw,
            compare,
            "weight_decay",
            (decay,),
            lambda p, decay: torch.optim.SGD(p, 0.1, weight_decay=decay),
        )


@pytest.mark.task(4)
@pytest.mark.points(0.4)
@pytest.mark.hint(
    "Take eps = 0.5 and two steps: is it s, its root, or the place of eps that differs from the formula first?"
)
def test_adagrad(student, source, draw, compare):
    """adagrad divides by the root of the sum of all squares so far, plus eps."""
    for eps in (1e-8, 0.5):
        follow(student, source, draw, compare, "adagrad", (eps,), lambda p, eps: torch.optim.Adagrad(p, 0.1, eps=eps))


@pytest.mark.task(4)
@pytest.mark.points(0.4)
@pytest.mark.hint(
    "Take eps = 0.5 and two steps: is it s, its root, or the place of eps that differs from the formula first?"
)
def test_rmsprop(student, source, draw, compare):
    """rmsprop divides by the root of the running mean of the squares, plus eps."""
    for alpha, eps in ((0.99, 1e-8), (0.7, 0.5)):
        follow(
            student,
            source,
            draw,
            compare,
            "rmsprop",
            (alpha, eps),
            lambda p, alpha, eps: torch.optim.RMSprop(p, 0.1, alpha, eps),
        )


@pytest.mark.task(4)
@pytest.mark.points(0.4)
@pytest.mark.hint("Take two steps, and print s, d and u: which of them differs from the formula first?")
def test_adadelta(student, source, draw, compare):
    """adadelta scales the gradient by the root of earlier changes over the root of earlier gradients."""
    for rho, eps in ((0.9, 1e-3), (0.6, 0.5)):
        follow(
            student,
            source,
            draw,
            compare,
            "adadelta",
            (rho, eps),
            lambda p, rho, eps: torch.optim.Adadelta(p, 0.1, rho, eps),
        )


@pytest.mark.task(4)
@pytest.mark.points(0.4)
@pytest.mark.hint(
    "Is the first step right? Then print t, m and v in the second; and where does eps stand when it is 0.5?"
)
def test_adam(student, source, draw, compare):
    """adam divides the corrected mean of the gradient by the root of the corrected mean of its square, plus eps."""
    for beta1, beta2, eps in ((0.9, 0.999, 1e-8), (0.6, 0.8, 0.5)):
        follow(
            student,
            source,
            draw,
            compare,
            "adam",
            (beta1, beta2, eps),
            lambda p, beta1, beta2, eps: torch.optim.Adam(p, 0.1, (beta1, beta2), eps),
        )


@pytest.mark.task(4)
@pytest.mark.points(0.4)
@pytest.mark.hint("With decay 0 this is Adam: is that right? Then which of θ, m and v may the decay touch?")
def test_adamw(student, source, draw, compare):
    """adamw takes rate times decay times the parameter off, beside a step of Adam that does not see the decay."""
    for beta1, beta2, eps, decay in ((0.9, 0.999, 1e-8, 0.1), (0.6, 0.8, 0.5, 2.0)):
        follow(
            student,
            source,
            draw,
            compare,
            "adamw",
            (beta1, beta2, eps, decay),
            lambda p, beta1, beta2, eps, decay: torch.optim.AdamW(p, 0.1, (beta1, beta2), eps, decay),
        )


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.parametrize("name", ["momentum", "nesterov", "weight_decay"])
@pytest.mark.hint("New tensors for new values: methods with a _ at the end, and +=, change what they are given.")
def test_rules_of_task_3_leave_their_arguments(student, draw, compare, name):
    """{name} moves the parameter, and leaves it, its gradient and its state as they were."""
    check_arguments(student, draw, compare, name, (0.01,) if name == "weight_decay" else (0.9,))


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.parametrize("name", ["adagrad", "rmsprop", "adadelta", "adam", "adamw"])
@pytest.mark.hint("New tensors for new values: methods with a _ at the end, and +=, change what they are given.")
def test_rules_of_task_4_leave_their_arguments(student, draw, compare, name):
    """{name} moves the parameter, and leaves it, its gradient and its state as they were."""
    settings = {"adagrad": (1e-8,), "adam": (0.9, 0.999, 1e-8), "adamw": (0.9, 0.999, 1e-8, 0.01)}
    check_arguments(student, draw, compare, name, settings.get(name, (0.9, 1e-3)))


def check_arguments(student, draw, compare, name, settings):
    """Look at the arguments of a first step, whose state is empty, and of a second one."""
    gradients = (draw.uniform(0.5, 1.5, (2, 3, 2)) * torch.tensor([1.0, -1.0])).unbind()
    # Of the other sign, so that no constant lies where the gradient points.
    theta = -draw.uniform(0.5, 1.5, (3, 2)) * torch.tensor([1.0, -1.0])
    compare.unchanged(student, name, theta, gradients[0], {}, 0.1, *settings)
    new, state = moved(compare, name, getattr(student, name)(theta, gradients[0], {}, 0.1, *settings), theta.shape)
    against = (theta - new) * gradients[0] > 0
    compare.that(against.all(), f"`{name}` does not move the parameter against its gradient.")
    compare.unchanged(student, name, new.to(theta.dtype), gradients[1], state, 0.1, *settings)


def check_by_hand(source, compare, name):
    """Claim that a rule, with what it uses of the same file, is not one of torch.optim's."""
    own = {node.name for node in source.tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    named, waiting = set(), {name}
    while waiting:
        names = source.names(waiting.pop())
        waiting |= (names & own) - named
        named |= names
    used = [used for used in sorted(named) if used.startswith("torch.optim")]
    compare.that(not used, f"`{name}` uses {', '.join(used[-1:])}: the rule is to be written by hand.")


def follow(student, source, draw, compare, name, settings, optimizer_of):
    """Let the student's rule and torch.optim move two parameters for some steps, and compare after each of them."""
    check_by_hand(source, compare, name)
    starts = [draw.normal((4, 3)), draw.normal(5)]
    thetas, states = list(starts), [{}, {}]
    leaves = [start.double().requires_grad_() for start in starts]
    optimizer = optimizer_of(leaves, *settings)
    for step in range(STEPS):
        rate = float(draw.uniform(0.05, 0.3, 1))
        gradients = [sized(draw, start.shape) for start in starts]
        optimizer.param_groups[0]["lr"] = rate
        for leaf, gradient in zip(leaves, gradients, strict=True):
            leaf.grad = gradient.double()
        optimizer.step()
        for i, gradient in enumerate(gradients):
            result = getattr(student, name)(thetas[i], gradient, states[i], rate, *settings)
            thetas[i], states[i] = moved(compare, name, result, starts[i].shape)
            expected = leaves[i].detach().float()
            compare.close(
                thetas[i], expected, rtol=1e-5, atol=2e-5, what=f"the parameter after step {step + 1} of {name}"
            )


def sized(draw, shape):
    """Draw gradients of very different sizes: those near 1e-8 show where eps stands."""
    exponents = draw.integers(0, 3, tuple(shape)) * 4
    return draw.uniform(0.5, 1.5, tuple(shape)) * (2.0 * draw.integers(0, 2, tuple(shape)) - 1) * 10.0**-exponents


def moved(compare, name, result, shape):
    """Return the new parameter and the new state, when the rule returned a pair of a tensor and a plain dict."""
    pair = isinstance(result, (tuple, list)) and len(result) == 2
    compare.that(pair, f"`{name}` does not return two things: the new parameter and the new state.")
    theta, state = result
    compare.finite(compare.shape(theta, shape, what=f"the parameter after {name}"), what=f"the parameter after {name}")
    compare.keys(state, (), what=f"the state after {name}")
    plain = all(not callable(value) for value in state.values())
    compare.that(plain, f"The state after `{name}` holds more than tensors and numbers.")
    return torch.as_tensor(theta), state
