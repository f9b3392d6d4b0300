"""Right, in several files; each rule is made from one class that keeps running means."""

from curves import plot_curves
from loop import affine, network, train
from means import Mean

__all__ = ["affine", "combine", "network", "plot_curves", "train"]


def momentum(theta, gradient, state, rate, mu):
    velocity = Mean.of(state, "velocity", theta).sum(gradient, mu)
    return theta - rate * velocity.value, velocity.kept


def nesterov(theta, gradient, state, rate, mu):
    velocity = Mean.of(state, "velocity", theta).sum(gradient, mu)
    return theta - rate * mu * velocity.value - rate * gradient, velocity.kept


def weight_decay(theta, gradient, state, rate, decay):
    return theta - rate * gradient - rate * decay * theta, {"steps": state.get("steps", 0) + 1}


def adagrad(theta, gradient, state, rate, eps):
    squares = Mean.of(state, "squares", theta).sum(gradient**2, 1.0)
    return theta - rate * gradient / (squares.value**0.5 + eps), squares.kept


def rmsprop(theta, gradient, state, rate, alpha, eps):
    squares = Mean.of(state, "squares", theta).running(gradient**2, alpha)
    return theta - rate * gradient / (squares.value**0.5 + eps), squares.kept


def adadelta(theta, gradient, state, rate, rho, eps):
    squares = Mean.of(state, "squares", theta).running(gradient**2, rho)
    changes = Mean.of(state, "changes", theta)
    change = gradient * ((changes.value + eps) / (squares.value + eps)) ** 0.5
    return theta - rate * change, squares.kept | changes.running(change**2, rho).kept


def adam(theta, gradient, state, rate, beta1, beta2, eps):
    mean = Mean.of(state, "mean", theta).running(gradient, beta1)
    squares = Mean.of(state, "squares", theta).running(gradient**2, beta2)
    return theta - rate * mean.unbiased(beta1) / (squares.unbiased(beta2) ** 0.5 + eps), mean.kept | squares.kept


def adamw(theta, gradient, state, rate, beta1, beta2, eps, decay):
    moved, state = adam(theta, gradient, state, rate, beta1, beta2, eps)
    return moved - decay * rate * theta, state


def combine(gradients, sizes):
    total = 0 * gradients[0]
    for gradient, size in zip(gradients, sizes, strict=True):
        total = total + gradient * (size / sum(sizes))
    return total
