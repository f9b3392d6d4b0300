"""Right, and by way of whole Jacobians, forward mode, and a graph that is kept."""

import torch
from torch.autograd import forward_ad
from torch.autograd.functional import jacobian


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
    return jacobian(f, x * 1.0)


def vector_jacobian_product(f, x, v):
    outputs = jacobian(f, x).flatten(0, v.ndim - 1)
    return v.flatten() @ outputs


def numerical_gradient(f, x):
    point = x.detach().double().flatten()
    moved = torch.eye(len(point), dtype=torch.float64) * 1e-5
    above, below = ([f(row.reshape(x.shape)) for row in point + sign * moved] for sign in (1, -1))
    return (torch.stack(above) - torch.stack(below)).reshape(x.shape) / 2e-5


def accumulated(f, x, times):
    leaf = x.detach().clone().requires_grad_()
    value = f(leaf)
    total, records = torch.zeros_like(leaf), torch.zeros(times, *x.shape)
    for record in records:
        total = total + torch.autograd.grad(value, leaf, retain_graph=True)[0]
        record.copy_(total)
    return records


def loop_gradient(x, limit):
    with forward_ad.dual_level():
        y = forward_ad.make_dual(x.detach().clone(), torch.ones_like(x))
        while y < limit:
            y = y * y
        return tuple(part.clone() for part in forward_ad.unpack_dual(y))


def selected_gradients(f, parameters, wanted):
    def of_floats(*floats):
        filled = iter(floats)
        return f(*(next(filled) if need else p for p, need in zip(parameters, wanted, strict=True)))

    chosen = tuple(p for p, need in zip(parameters, wanted, strict=True) if need)
    found = iter(jacobian(of_floats, chosen))
    return [next(found) if need else None for need in wanted]
