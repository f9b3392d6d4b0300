"""Automatic differentiation: your answer. The handout has every definition and every convention.

What begins with "Given" is complete: leave it as it is. The tests make functions with it, and pass them to yours. No
function changes what it is given: neither values, nor `.grad`, nor `requires_grad`.
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
    """Compute the gradient of a scalar function, by autograd.

    f: x ↦ scalar; x of any shape, float32, float64 or int64 → tensor of the shape of x

    result[…] = ∂f(x) / ∂x[…]
    """
    raise NotImplementedError("Task 1.1")


def vector_jacobian_product(f: Function, x: Tensor, v: Tensor) -> Tensor:
    """Compute the gradient of a weighted sum of outputs, by autograd.

    f: x ↦ tensor of any shape; x (n,); v of the shape of f(x) → (n,)

    result[j] = Σ_i v[i] · ∂f(x)[i] / ∂x[j]
    """
    raise NotImplementedError("Task 2.1")


def numerical_gradient(f: Function, x: Tensor) -> Tensor:
    """Compute the gradient of a scalar function by central differences, in float64.

    f: x ↦ scalar; x of any shape, float32 or float64 → tensor of the shape of x

    result[k] = (f(x + h · e_k) − f(x − h · e_k)) / (2 · h), where e_k is 1 at entry k and 0 elsewhere
    """
    raise NotImplementedError("Task 3.1")


def accumulated(f: Function, x: Tensor, times: int) -> Tensor:
    """Call backward several times, and record what `.grad` holds after each.

    f: x ↦ scalar; x of any shape; times, at least 1 → (times, *shape of x)
    """
    raise NotImplementedError("Task 4.1")


def loop_gradient(x: Tensor, limit: float) -> tuple[Tensor, Tensor]:
    """Multiply y by itself while it is below a limit, and compute the derivative of the result.

    x, a scalar above 1, and limit → y and ∂y/∂x, both scalars

    y = x; while y < limit: y = y · y
    """
    raise NotImplementedError("Task 5.1")


def selected_gradients(f: Function, parameters: Sequence[Tensor], wanted: Sequence[bool]) -> list[Tensor | None]:
    """Compute the gradients of those parameters that are wanted.

    f: (*parameters) ↦ scalar; parameters, a list of tensors; wanted, a list of bools → list

    result[i] is ∂f(*parameters) / ∂parameters[i] where wanted[i], and None elsewhere
    """
    raise NotImplementedError("Task 6.1")
