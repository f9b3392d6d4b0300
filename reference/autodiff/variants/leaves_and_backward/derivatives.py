"""Right, and written as most would: leaves, backward, and a new graph each time."""

from itertools import product

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
    x = torch.tensor(x.tolist(), dtype=x.dtype if x.is_floating_point() else torch.float32, requires_grad=True)
    f(x).backward()
    return x.grad


def vector_jacobian_product(f, x, v):
    x = x.detach().clone().requires_grad_()
    (f(x) * v).sum().backward()
    return x.grad


def numerical_gradient(f, x):
    result = torch.zeros(x.shape, dtype=torch.float64)
    for index in product(*map(range, x.shape)):
        move = torch.zeros(x.shape, dtype=torch.float64)
        move[index] = 3e-6
        result[index] = (f(x.detach() + move) - f(x.detach() - move)) / 6e-6
    return result


def accumulated(f, x, times):
    x = torch.nn.Parameter(x.detach().clone())
    records = []
    for _ in range(times):
        f(x).backward()
        records.append(x.grad.tolist())
    return records


def loop_gradient(x, limit):
    x = x.detach().clone().requires_grad_()
    y = x * 1
    while y.item() < limit:
        y = y.square()
    y.backward()
    return float(y), float(x.grad)


def selected_gradients(f, parameters, wanted):
    copies = [torch.nn.Parameter(p.clone(), requires_grad=need) for p, need in zip(parameters, wanted, strict=True)]
    optimizer = torch.optim.SGD([copy for copy in copies if copy.requires_grad])
    for copy in optimizer.param_groups[0]["params"]:
        copy.grad = torch.zeros_like(copy)
    f(*copies).backward()
    return tuple(copy.grad for copy in copies)
