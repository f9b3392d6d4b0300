"""Derivatives of functions of tensors: by autograd, and by differences.

Every function leaves its arguments as they were: their values, their `.grad`, and whether they require a gradient.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Function = Callable[..., Tensor]
"""A function of tensors, which computes in the dtype of what it is given."""


def quadratic(matrix: Tensor) -> Function:
    """Given: x (n,) ↦ xᵀ · matrix · x, a scalar, for a matrix (n, n)."""
    return lambda x: x @ matrix.to(x.dtype) @ x


def cubes(scale: Tensor) -> Function:
    """Given: x ↦ Σ scale · x³, a scalar, for x and scale of one shape."""
    return lambda x: (scale.to(x.dtype) * x**3).sum()


def waves(scale: Tensor) -> Function:
    """Given: x ↦ Σ sin(scale · x), a scalar, for x and scale of one shape."""
    return lambda x: torch.sin(scale.to(x.dtype) * x).sum()


def half_detached(scale: Tensor) -> Function:
    """Given: x ↦ Σ scale · x · x², a scalar, in which autograd does not see the first x."""
    return lambda x: (scale.to(x.dtype) * x.detach() * x**2).sum()


def layer(weight: Tensor, bias: Tensor) -> Function:
    """Given: x (n,) ↦ tanh(weight · x + bias), of shape (m,), for a weight (m, n) and a bias (m,)."""
    return lambda x: torch.tanh(weight.to(x.dtype) @ x + bias.to(x.dtype))


def grid(weight: Tensor) -> Function:
    """Given: x (n,) ↦ the table weight[i, j] · x[j]², of shape (m, n), for a weight (m, n)."""
    return lambda x: weight.to(x.dtype) * x**2


def embedding_cost(target: Tensor) -> Function:
    """Given: (table, rows, scale, shift) ↦ Σ (scale · table[rows] − target)², a scalar, which does not use the shift.

    table (V, D), rows (B,) of int64, scale (), shift (), for a target (B, D).
    """
    return lambda table, rows, scale, shift: ((scale * table[rows] - target) ** 2).sum()


def gradient(f: Function, x: Tensor) -> Tensor:
    """Return the gradient of the scalar f(x), of the shape of x; integers are taken as float32."""
    leaf = leaf_of(x)
    (result,) = torch.autograd.grad(f(leaf), leaf)
    return result


def vector_jacobian_product(f: Function, x: Tensor, v: Tensor) -> Tensor:
    """Return Σ v · ∂f(x)/∂x, of the shape of x, for v of the shape of f(x)."""
    leaf = leaf_of(x)
    (result,) = torch.autograd.grad((f(leaf) * v).sum(), leaf)
    return result


def numerical_gradient(f: Function, x: Tensor) -> Tensor:
    """Return the gradient of the scalar f(x) by central differences in float64, of the shape of x."""
    step = 1e-5
    point = x.detach().to(torch.float64, copy=True).contiguous()
    entries = point.view(-1)
    slopes = torch.zeros_like(entries)
    for k, middle in enumerate(entries.tolist()):
        entries[k] = middle + step
        above = f(point).item()
        entries[k] = middle - step
        below = f(point).item()
        entries[k] = middle
        slopes[k] = (above - below) / (2 * step)
    return slopes.view_as(point)


def accumulated(f: Function, x: Tensor, times: int) -> Tensor:
    """Return what `.grad` holds after each of `times` calls of backward on f(x), of shape (times, *x.shape)."""
    leaf = leaf_of(x)
    value = f(leaf)
    records = []
    for _ in range(times):
        value.backward(retain_graph=True)
        records.append(leaf.grad.clone())
    return torch.stack(records)


def loop_gradient(x: Tensor, limit: float) -> tuple[Tensor, Tensor]:
    """Multiply y = x by itself while y < limit; return y and its derivative by x, both scalars."""
    leaf = leaf_of(x)
    y = leaf
    while y < limit:
        y = y * y
    (derivative,) = torch.autograd.grad(y, leaf)
    return y.detach(), derivative


def selected_gradients(f: Function, parameters: Sequence[Tensor], wanted: Sequence[bool]) -> list[Tensor | None]:
    """Return the gradient of f(*parameters) for each parameter that is wanted, and None for each other.

    Where f does not depend on a wanted parameter, its gradient is zero.
    """
    leaves = [p.detach().clone().requires_grad_(need) for p, need in zip(parameters, wanted, strict=True)]
    f(*leaves).backward()
    return [
        (torch.zeros_like(leaf) if leaf.grad is None else leaf.grad) if need else None
        for leaf, need in zip(leaves, wanted, strict=True)
    ]


def leaf_of(x: Tensor) -> Tensor:
    """Return a copy of x that autograd follows; integers, which have no derivatives, become float32."""
    copy = x.detach().clone()
    return (copy if copy.is_floating_point() else copy.float()).requires_grad_()
