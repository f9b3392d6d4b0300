"""Right, and NumPy as far as it goes: arrays come back wherever the handout does not ask for a tensor."""

import numpy as np
import torch


def filled(rows, columns, value):
    return torch.from_numpy(np.full((rows, columns), value, dtype=np.float32))


def from_array(array):
    return torch.from_numpy(array.astype(np.float32))


def shape_and_count(x):
    x = np.asarray(x)
    return x.shape, x.size


def integers(start, stop, step):
    return np.arange(start, stop, step)


def points(low, high, count):
    return np.linspace(low, high, count)


def column(x, k):
    return x.numpy().T[k]


def swap_columns(x, i, j):
    order = np.arange(x.shape[1])
    order[[i, j]] = j, i
    return x.numpy()[:, order]


def add_in_place(x, row):
    array = x.numpy()
    before = array.copy()
    np.add(array, row.numpy(), out=array)
    return before


def elementwise_product(a, b):
    return np.multiply(a.numpy(), b.numpy())


def matrix_product(a, b):
    return a.numpy().dot(b.numpy())


def matrix_vector_product(a, v):
    return a.numpy() @ v.numpy()


def outer_product(u, v):
    return np.outer(u.numpy(), v.numpy())


def flatten_samples(x):
    return np.stack([sample.ravel() for sample in x.numpy()])


def flatten_by_columns(x):
    return x.numpy().flatten(order="F")


def side_by_side(a, b):
    return np.hstack([a.numpy(), b.numpy()])


def stacked(tensors):
    return np.stack([tensor.numpy() for tensor in tensors])


def with_new_dimension(x, position):
    return np.expand_dims(x.numpy(), position)


def channels_first(images):
    return np.moveaxis(images.numpy(), -1, 1)


def add_through_tensor(array, amount):
    array += amount
    return torch.as_tensor(array)


def add_to_copy(array, amount):
    return torch.from_numpy(array + amount)


def add_through_array(x, amount):
    array = np.asarray(x.data)
    np.add(array, amount, out=array)
    return array


def share_memory(a, b):
    return np.shares_memory(np.asarray(a), np.asarray(b))
