"""Right, and written with torch.func: functions in, functions out, no leaves."""

import torch
from torch.func import grad, vjp


def quadratic(matrix):
    """Given: x (n,) ↦ xᵀ · matrix · x, a scalar, for a matrix (n, n)."""
    return lambda x: x @ matrix.to(x.dtype) @ x


def cubes(scale):
    """Given: x ↦ Σ scale · x³, a scalar, for x and scale of one shape."""
    return lambda x: (scale.to(x.dtype) * x**3).sum()


def waves(scale):
    """Given: x ↦ Σ sin(scale · x), a scalar, for x and scale of one shape."""
    return lambda x: torch.sin(scale.to(x.dtype) * x).sum()


def half_detached(scale):
    """Given: x ↦ Σ scale · x · x², a scalar, in which autograd does not see the first x."""
    return lambda x: (scale.to(x.dtype) * x.detach() * x**2).sum()


def layer(weight, bias):
    """Given: x (n,) ↦ tanh(weight · x + bias), of shape (m,), for a weight (m, n) and a bias (m,)."""
    return lambda x: torch.tanh(weight.to(x.dtype) @ x + bias.to(x.dtype))


def grid(weight):
    """Given: x (n,) ↦ the table weight[i, j] · x[j]², of shape (m, n), for a weight (m, n)."""
    return lambda x: weight.to(x.dtype) * x**2


def embedding_cost(target):
    """Given: (table, rows, scale, shift) ↦ Σ (scale · table[rows] − target)², a scalar, which does not use the shift.

    table (V, D), rows (B,) of int64, scale (), shift (), for a target (B, D).
    """
    return lambda table, rows, scale, shift: ((scale * table[rows] - target) ** 2).sum()


def gradient(f, x):
    return grad(f)(x if x.is_floating_point() else x.float()).detach()


def vector_jacobian_product(f, x, v):
    _, pull_back = vjp(f, x)
    return pull_back(v)[0].detach()


def numerical_gradient(f, x):
    point = x.detach().double()
    slopes = []
    for direction in torch.eye(x.numel(), dtype=torch.float64):
        move = 1e-4 * direction.reshape(x.shape)
        # The error of a central difference is of the second order; two steps together cancel it.
        far, near = (f(point + k * move) - f(point - k * move) for k in (2, 1))
        slopes.append((8 * near - far) / 12e-4)
    return torch.stack(slopes).reshape(x.shape)


def accumulated(f, x, times):
    once = gradient(f, x)
    return torch.cumsum(once.expand(times, *once.shape), dim=0)


def loop_gradient(x, limit):
    def loop(y):
        while y < limit:
            y = y**2
        return y

    return loop(x).detach(), grad(loop)(x).detach()


def selected_gradients(f, parameters, wanted):
    places = tuple(place for place, need in enumerate(wanted) if need)
    found = dict(zip(places, grad(f, argnums=places)(*parameters), strict=True))
    return [found.get(place) for place in range(len(parameters))]
