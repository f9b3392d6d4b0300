"""Tensors, for those who know arrays: your answer. The handout has every definition and every convention.

Shapes: n rows, m columns. No function changes its arguments, but for `add_in_place`, `add_through_tensor` and
`add_through_array`, whose purpose it is.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor


def filled(rows: int, columns: int, value: float) -> Tensor:
    """Make a tensor that holds one value everywhere.

    rows, columns, and value, an int or a float → tensor (rows, columns), float32
    """
    raise NotImplementedError("Task 1.1")


def from_array(array: np.ndarray) -> Tensor:
    """Make a tensor from an array.

    array of any shape and of any dtype of numbers → tensor of the same shape, float32
    """
    raise NotImplementedError("Task 1.2")


def shape_and_count(x: Tensor | np.ndarray) -> tuple[tuple[int, ...], int]:
    """Tell the shape and the number of elements.

    x, a tensor or an array → pair of a tuple of ints, the shape, and an int, the number of elements
    """
    raise NotImplementedError("Task 1.3")


def integers(start: int, stop: int, step: int) -> Tensor:
    """Count from start by step.

    start, stop, step → tensor (count,), int64

    start, start + step, start + 2 · step, …: all that come before stop
    """
    raise NotImplementedError("Task 1.4")


def points(low: float, high: float, count: int) -> Tensor:
    """Divide a stretch evenly.

    low, high, and count, at least 2 → (count,)

    low + k · (high − low) / (count − 1) for k = 0 … count − 1
    """
    raise NotImplementedError("Task 1.5")


def column(x: Tensor, k: int) -> Tensor:
    """Take one column.

    x (n, m), and k from 0 to m − 1 → (n,)
    """
    raise NotImplementedError("Task 2.1")


def swap_columns(x: Tensor, i: int, j: int) -> Tensor:
    """Let two columns change places, in a copy.

    x (n, m), and i and j, which differ → (n, m)
    """
    raise NotImplementedError("Task 2.2")


def add_in_place(x: Tensor, row: Tensor) -> Tensor:
    """Add a row to each row of x, in x itself.

    x (n, m), row (m,) → (n, m): what x was before

    x[i, j] becomes x[i, j] + row[j]
    """
    raise NotImplementedError("Task 2.3")


def elementwise_product(a: Tensor, b: Tensor) -> Tensor:
    """Multiply place by place.

    a (n, m), b (n, m) → (n, m)

    result[i, j] = a[i, j] · b[i, j]
    """
    raise NotImplementedError("Task 3.1")


def matrix_product(a: Tensor, b: Tensor) -> Tensor:
    """Multiply rows by columns.

    a (n, k), b (k, m) → (n, m)

    result[i, j] = Σ_l a[i, l] · b[l, j]
    """
    raise NotImplementedError("Task 3.2")


def matrix_vector_product(a: Tensor, v: Tensor) -> Tensor:
    """Multiply a matrix by a vector, whatever the vector's dtype is.

    a (n, m), float32; v (m,), of float32, float64 or int64 → (n,)

    result[i] = Σ_j a[i, j] · v[j]
    """
    raise NotImplementedError("Task 3.3")


def outer_product(u: Tensor, v: Tensor) -> Tensor:
    """Multiply each element of u by each of v.

    u (n,), v (m,) → (n, m)

    result[i, j] = u[i] · v[j]
    """
    raise NotImplementedError("Task 3.4")


def flatten_samples(x: Tensor) -> Tensor:
    """Make one row of each sample.

    x (n, p, q) → (n, p · q)

    result[i, j · q + k] = x[i, j, k]
    """
    raise NotImplementedError("Task 4.1")


def flatten_by_columns(x: Tensor) -> Tensor:
    """Lay the columns one after the other.

    x (n, m) → (m · n,)

    result[j · n + i] = x[i, j]
    """
    raise NotImplementedError("Task 4.2")


def side_by_side(a: Tensor, b: Tensor) -> Tensor:
    """Join two tensors along their columns.

    a (n, p), b (n, q) → (n, p + q)
    """
    raise NotImplementedError("Task 4.3")


def stacked(tensors: Sequence[Tensor]) -> Tensor:
    """Join tensors of one shape along a new first dimension.

    list of k tensors (n, m) → (k, n, m)
    """
    raise NotImplementedError("Task 4.4")


def with_new_dimension(x: Tensor, position: int) -> Tensor:
    """Add a dimension of size 1.

    x (n, m), and position from −3 to 2 → (1, n, m), (n, 1, m) or (n, m, 1)
    """
    raise NotImplementedError("Task 4.5")


def channels_first(images: Tensor) -> Tensor:
    """Move the channels before height and width.

    images (B, H, W, C) → (B, C, H, W)

    result[b, c, h, w] = images[b, h, w, c]
    """
    raise NotImplementedError("Task 4.6")


def add_through_tensor(array: np.ndarray, amount: float) -> Tensor:
    """Change an array by way of a tensor on its memory.

    array of any shape, and amount → that tensor

    array[…] becomes array[…] + amount
    """
    raise NotImplementedError("Task 5.1")


def add_to_copy(array: np.ndarray, amount: float) -> Tensor:
    """Make a tensor of an array, and change the tensor alone.

    array of any shape, and amount → tensor of the same shape

    result[…] = array[…] + amount
    """
    raise NotImplementedError("Task 5.2")


def add_through_array(x: Tensor, amount: float) -> np.ndarray:
    """Change a tensor by way of an array on its memory.

    x of any shape, which may require a gradient, and amount → that array, a NumPy array

    x[…] becomes x[…] + amount
    """
    raise NotImplementedError("Task 5.3")


def share_memory(a: Tensor, b: Tensor) -> bool:
    """Say whether two tensors have an element in common.

    a and b of any shapes → True where some element of a is the same place in memory as some element of b, else False
    """
    raise NotImplementedError("Task 5.4")
