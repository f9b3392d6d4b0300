"""Right, and written with loops over elements; lists come back wherever the handout does not ask for a tensor."""

import numpy as np
import torch


def filled(rows, columns, value):
    return torch.tensor([[float(value)] * columns for _ in range(rows)])


def from_array(array):
    return torch.tensor(array.tolist(), dtype=torch.float)


def shape_and_count(x):
    count = 1
    for size in x.shape:
        count *= size
    return list(x.shape), count


def integers(start, stop, step):
    return list(range(start, stop, step))


def points(low, high, count):
    return [low + k * (high - low) / (count - 1) for k in range(count)]


def column(x, k):
    return [row[k].item() for row in x]


def swap_columns(x, i, j):
    swapped = []
    for row in x.tolist():
        row[i], row[j] = row[j], row[i]
        swapped.append(row)
    return swapped


def add_in_place(x, row):
    before = x.tolist()
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            x[i, j] = x[i, j] + row[j]
    return before


def elementwise_product(a, b):
    return [[x * y for x, y in zip(*rows, strict=True)] for rows in zip(a.tolist(), b.tolist(), strict=True)]


def matrix_product(a, b):
    columns = list(zip(*b.tolist(), strict=True))
    return [[sum(x * y for x, y in zip(row, other, strict=True)) for other in columns] for row in a.tolist()]


def matrix_vector_product(a, v):
    return [sum(x * y for x, y in zip(reversed(row), reversed(v.tolist()), strict=True)) for row in a.tolist()]


def outer_product(u, v):
    return [[x * y for y in v.tolist()] for x in u.tolist()]


def flatten_samples(x):
    return [[number for row in sample for number in row] for sample in x.tolist()]


def flatten_by_columns(x):
    return [x[i, j].item() for j in range(x.shape[1]) for i in range(x.shape[0])]


def side_by_side(a, b):
    return [left + right for left, right in zip(a.tolist(), b.tolist(), strict=True)]


def stacked(tensors):
    return [tensor.tolist() for tensor in tensors]


def with_new_dimension(x, position):
    shape = list(x.shape)
    shape.insert(position if position >= 0 else len(shape) + 1 + position, 1)
    return torch.tensor(x.tolist()).reshape(shape)


def channels_first(images):
    channels = range(images.shape[3])
    return [[[[pixel[c] for pixel in row] for row in image] for c in channels] for image in images.tolist()]


def add_through_tensor(array, amount):
    tensor = torch.from_numpy(array)
    for index in np.ndindex(array.shape):
        tensor[index] += amount
    return tensor


def add_to_copy(array, amount):
    return torch.tensor([number + amount for number in array.reshape(-1).tolist()]).reshape(array.shape)


def add_through_array(x, amount):
    array = x.detach().numpy()
    for index in np.ndindex(array.shape):
        array[index] += amount
    return array


def share_memory(a, b):
    return not places(a).isdisjoint(places(b))


def places(x):
    """The addresses of all elements."""
    return {
        x.data_ptr() + x.element_size() * sum(i * s for i, s in zip(index, x.stride(), strict=True))
        for index in np.ndindex(tuple(x.shape))
    }
