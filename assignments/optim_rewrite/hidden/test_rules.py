"""Tasks 3 and 4: update rules by hand, against torch.optim in float64.

The judge keeps the state between the steps and passes it back as it was returned. Gradients have sizes from 1e-8 to 1,
the rate changes from step to step, and two parameters take turns, so that what belongs to one of them is seen.
"""

import pytest
import torch

STEPS = 5
RULES = ("momentum", "nesterov", "weight_decay", "adagrad", "rmsprop", "adadelta", "adam", "adamw")


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint("The velocity is a sum of gradients, and the rate multiplies it when it is used.")
def test_momentum(student, draw, compare):
    """momentum adds each gradient to mu times the velocity, and moves by the rate times the velocity."""
    for mu in (0.9, 0.5):
        follow(student, draw, compare, "momentum", (mu,), lambda p, mu: torch.optim.SGD(p, lr=0.0, momentum=mu))


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint("Compute the velocity as for momentum first, and look once more ahead along it.")
def test_nesterov(student, draw, compare):
    """nesterov moves by the rate times the gradient plus mu times the new velocity."""
    for mu in (0.9, 0.5):
        follow(
            student, draw, compare, "nesterov", (mu,), lambda p, mu: torch.optim.SGD(p, 0.1, momentum=mu, nesterov=True)
        )


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint("The decay is added to the gradient, so the rate multiplies both.")
def test_weight_decay(student, draw, compare):
    """weight_decay moves by the rate times the gradient plus decay times the parameter."""
    for decay in (0.5, 2.0):
        follow(
            student,
            draw,
            compare,
            "weight_decay",
            (decay,),
            lambda p, decay: torch.optim.SGD(p, 0.1, weight_decay=decay),
        )


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.hint("The squares are summed from the first step on, and eps is added to the root.")
def test_adagrad(student, draw, compare):
    """adagrad divides by the root of the sum of all squares so far, plus eps."""
    for eps in (1e-8, 0.5):
        follow(student, draw, compare, "adagrad", (eps,), lambda p, eps: torch.optim.Adagrad(p, 0.1, eps=eps))


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.hint("The new square gets the small factor 1 - alpha, and eps is added to the root.")
def test_rmsprop(student, draw, compare):
    """rmsprop divides by the root of the running mean of the squares, plus eps."""
    for alpha, eps in ((0.99, 1e-8), (0.7, 0.5)):
        follow(
            student,
            draw,
            compare,
            "rmsprop",
            (alpha, eps),
            lambda p, alpha, eps: torch.optim.RMSprop(p, 0.1, alpha, eps),
        )


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.hint("Here eps stands inside both roots, and the change uses the old u, not the new one.")
def test_adadelta(student, draw, compare):
    """adadelta scales the gradient by the root of earlier changes over the root of earlier gradients."""
    for rho, eps in ((0.9, 1e-3), (0.6, 0.5)):
        follow(
            student, draw, compare, "adadelta", (rho, eps), lambda p, rho, eps: torch.optim.Adadelta(p, 0.1, rho, eps)
        )


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.hint("In the first step t is 1: then both corrections undo the factors 1 - beta exactly.")
def test_adam(student, draw, compare):
    """adam divides the corrected mean of the gradient by the root of the corrected mean of its square, plus eps."""
    for beta1, beta2, eps in ((0.9, 0.999, 1e-8), (0.6, 0.8, 0.5)):
        follow(
            student,
            draw,
            compare,
            "adam",
            (beta1, beta2, eps),
            lambda p, beta1, beta2, eps: torch.optim.Adam(p, 0.1, (beta1, beta2), eps),
        )


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.hint("The decay shrinks the parameter by itself and is divided by no root: does your state see it?")
def test_adamw(student, draw, compare):
    """adamw takes rate times decay times the parameter off, beside a step of Adam that does not see the decay."""
    for beta1, beta2, eps, decay in ((0.9, 0.999, 1e-8, 0.1), (0.6, 0.8, 0.5, 2.0)):
        follow(
            student,
            draw,
            compare,
            "adamw",
            (beta1, beta2, eps, decay),
            lambda p, beta1, beta2, eps, decay: torch.optim.AdamW(p, 0.1, (beta1, beta2), eps, decay),
        )


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint("New tensors for new values: methods with a _ at the end, and +=, change what they are given.")
def test_rules_by_hand_leave_their_arguments(student, source, draw, compare):
    """Without torch.optim, a rule moves a parameter, and leaves it, its gradient and its state as they were."""
    for name in ("momentum", "nesterov"):
        rule = getattr(student, name)
        theta, gradients = draw.normal((3, 2)), draw.normal((2, 3, 2))
        _, state = moved(compare, name, rule(theta, gradients[0], {}, 0.1, 0.9), theta.shape)
        arguments = theta, gradients[1], state
        after = student.arguments_after(name, *arguments, 0.1, 0.9)
        compare.close(after[0], theta, rtol=0, atol=0, what=f"the parameter that {name} was given")
        compare.close(after[1], gradients[1], rtol=0, atol=0, what=f"the gradient that {name} was given")
        compare.close(after[2], state, rtol=0, atol=0, what=f"the state that {name} was given")
        new, _ = moved(compare, name, rule(*arguments, 0.1, 0.9), theta.shape)
        velocity = 0.9 * gradients[0] + gradients[1]
        change = velocity if name == "momentum" else gradients[1] + 0.9 * velocity
        compare.close(new, theta - 0.1 * change, what=f"the parameter after {name}")
    for name in RULES:
        used = sorted(call for call in source.calls(name) if call.startswith("torch.optim"))
        compare.that(not used, f"`{name}` calls {', '.join(used)}; the rule is to be written by hand.")


def follow(student, draw, compare, name, settings, optimizer_of):
    """Let the student's rule and torch.optim move two parameters for some steps, and compare after each of them."""
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
