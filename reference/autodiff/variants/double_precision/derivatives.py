"""Right, in double precision throughout, with NumPy where nothing is differentiated."""

import numpy as np
import torch


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
    leaf = x.detach().to(torch.float64, copy=True).requires_grad_()
    return torch.autograd.grad(f(leaf), leaf)[0].numpy()


def vector_jacobian_product(f, x, v):
    leaf = x.detach().to(torch.float64, copy=True).requires_grad_()
    f(leaf).backward(gradient=v.double())
    return leaf.grad.numpy()


def numerical_gradient(f, x):
    point = x.detach().numpy().astype(np.float64)
    slopes = np.zeros(point.shape)
    for index in reversed(list(np.ndindex(point.shape))):
        above, below = point.copy(), point.copy()
        above[index] += 1e-6
        below[index] -= 1e-6
        # What was added is not quite 1e-6; the distance that there is now is exact.
        distance = above[index] - below[index]
        slopes[index] = float(f(torch.as_tensor(above)) - f(torch.as_tensor(below))) / distance
    return slopes


def accumulated(f, x, times):
    return np.stack([k * gradient(f, x) for k in range(1, times + 1)])


def loop_gradient(x, limit):
    """The chain rule by hand: each round doubles the exponent of y = xⁿ."""
    exponent, x = 1, float(x)
    while x**exponent < limit:
        exponent *= 2
    return x**exponent, exponent * x ** (exponent - 1)


def selected_gradients(f, parameters, wanted):
    copies = [p.double() if p.is_floating_point() else p for p in parameters]
    copies = [copy.clone().requires_grad_(need) for copy, need in zip(copies, wanted, strict=True)]
    leaves = [copy for copy in copies if copy.requires_grad]
    found = iter(torch.autograd.grad(f(*copies), leaves, materialize_grads=True))
    return [next(found).numpy() if need else None for need in wanted]
