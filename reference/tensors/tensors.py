"""Tensors and arrays: creation, columns, products, shapes, and whose memory it is.

Every function leaves its arguments as they were, but for those whose purpose is to change one: `add_in_place`,
`add_through_tensor` and `add_through_array`.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor


def filled(rows: int, columns: int, value: float) -> Tensor:
    """Return a float32 tensor of shape (rows, columns) that holds `value` everywhere."""
    return torch.full((rows, columns), value, dtype=torch.float32)


def from_array(array: np.ndarray) -> Tensor:
    """Return a float32 tensor of the shape and the values of an array, in memory of its own."""
    return torch.tensor(array, dtype=torch.float32)


def shape_and_count(x: Tensor | np.ndarray) -> tuple[tuple[int, ...], int]:
    """Return the shape of a tensor or an array, and the number of its elements."""
    shape = tuple(x.shape)
    return shape, math.prod(shape)


def integers(start: int, stop: int, step: int) -> Tensor:
    """Return start, start + step, … as int64, up to but without `stop`; `step` may be negative."""
    return torch.arange(start, stop, step)


def points(low: float, high: float, count: int) -> Tensor:
    """Return `count` points at equal distances from `low` to `high`, both included, of shape (count,)."""
    return torch.linspace(low, high, count)


def column(x: Tensor, k: int) -> Tensor:
    """Return column k of x (n, m), counted from 0, of shape (n,)."""
    return x[:, k]


def swap_columns(x: Tensor, i: int, j: int) -> Tensor:
    """Return a copy of x (n, m) in which columns i and j have changed places."""
    swapped = x.clone()
    swapped[:, i] = x[:, j]
    swapped[:, j] = x[:, i]
    return swapped


def add_in_place(x: Tensor, row: Tensor) -> Tensor:
    """Add row (m,) to each row of x (n, m), in x itself, and return what x was before."""
    before = x.clone()
    x += row
    return before


def elementwise_product(a: Tensor, b: Tensor) -> Tensor:
    """Return the products of the elements of a (n, m) and b (n, m), place by place, of shape (n, m)."""
    return a * b


def matrix_product(a: Tensor, b: Tensor) -> Tensor:
    """Return the matrix product of a (n, k) and b (k, m), of shape (n, m)."""
    return a @ b


def matrix_vector_product(a: Tensor, v: Tensor) -> Tensor:
    """Return the product of a (n, m), float32, and v (m,) of any dtype, of shape (n,)."""
    return a @ v.to(a.dtype)


def outer_product(u: Tensor, v: Tensor) -> Tensor:
    """Return the table of the products u[i] · v[j], of shape (n, m), for u (n,) and v (m,)."""
    return u[:, None] * v[None, :]


def flatten_samples(x: Tensor) -> Tensor:
    """Return x (n, p, q) with one row for each sample, of shape (n, p · q)."""
    return x.reshape(len(x), -1)


def flatten_by_columns(x: Tensor) -> Tensor:
    """Return the elements of x (n, m), one column after the other, of shape (m · n,)."""
    return x.T.reshape(-1)


def side_by_side(a: Tensor, b: Tensor) -> Tensor:
    """Return the columns of a (n, p) followed by those of b (n, q), of shape (n, p + q)."""
    return torch.cat([a, b], dim=1)


def stacked(tensors: Sequence[Tensor]) -> Tensor:
    """Return k tensors of shape (n, m) as one of shape (k, n, m)."""
    return torch.stack(list(tensors))


def with_new_dimension(x: Tensor, position: int) -> Tensor:
    """Return x with a dimension of size 1 at `position`, which counts from the end where it is negative."""
    return x.unsqueeze(position)


def channels_first(images: Tensor) -> Tensor:
    """Return images (B, H, W, C) as (B, C, H, W)."""
    return images.permute(0, 3, 1, 2)


def add_through_tensor(array: np.ndarray, amount: float) -> Tensor:
    """Add `amount` to each element of an array, by way of a tensor on the same memory; return that tensor."""
    tensor = torch.from_numpy(array)
    tensor += amount
    return tensor


def add_to_copy(array: np.ndarray, amount: float) -> Tensor:
    """Return a tensor that holds the elements of an array plus `amount`; the array stays as it was."""
    tensor = torch.tensor(array)
    tensor += amount
    return tensor


def add_through_array(x: Tensor, amount: float) -> np.ndarray:
    """Add `amount` to each element of x, by way of an array on the same memory; return that array."""
    array: np.ndarray = x.detach().numpy()
    array += amount
    return array


def share_memory(a: Tensor, b: Tensor) -> bool:
    """Say whether some element of a and some element of b are the same place in memory."""
    return bool(np.shares_memory(a.numpy(), b.numpy()))
