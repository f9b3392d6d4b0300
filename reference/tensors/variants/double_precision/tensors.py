"""Right, and in double precision wherever the handout does not fix the dtype."""

import numpy
import torch


def filled(rows, columns, value):
    return torch.zeros(rows, columns).fill_(value)


def from_array(array):
    tensor = torch.empty(array.shape)
    tensor.copy_(torch.from_numpy(array))
    return tensor


def shape_and_count(x):
    return tuple(x.shape), len(x.reshape(-1))


def integers(start, stop, step):
    return start + step * torch.arange(-((start - stop) // step))


def points(low, high, count):
    return torch.linspace(low, high, count, dtype=torch.float64)


def column(x, k):
    return x.double()[..., k]


def swap_columns(x, i, j):
    columns = list(x.double().unbind(1))
    columns[i], columns[j] = columns[j], columns[i]
    return torch.stack(columns, dim=1)


def add_in_place(x, row):
    before = x.double()
    x.copy_(before + row)
    return before


def elementwise_product(a, b):
    return a.double() * b


def matrix_product(a, b):
    return torch.mm(a.double(), b.double())


def matrix_vector_product(a, v):
    return torch.mv(a.double(), v.double())


def outer_product(u, v):
    return torch.outer(u.double(), v.double())


def flatten_samples(x):
    return x.double().contiguous().view(x.size(0), -1)


def flatten_by_columns(x):
    return x.double().t().contiguous().view(-1)


def side_by_side(a, b):
    joined = torch.empty(len(a), a.shape[1] + b.shape[1], dtype=torch.float64)
    joined[:, : a.shape[1]] = a
    joined[:, a.shape[1] :] = b
    return joined


def stacked(tensors):
    joined = torch.empty(len(tensors), *tensors[0].shape, dtype=torch.float64)
    for k, tensor in enumerate(tensors):
        joined[k] = tensor
    return joined


def with_new_dimension(x, position):
    shape = list(x.shape)
    shape.insert(position % 3, 1)
    return x.double().view(shape)


def channels_first(images):
    return images.double().movedim(3, 1)


def add_through_tensor(array, amount):
    tensor = torch.utils.dlpack.from_dlpack(array)
    return tensor.add_(amount)


def add_to_copy(array, amount):
    return torch.tensor(array, dtype=torch.float64) + amount


def add_through_array(x, amount):
    array = numpy.from_dlpack(x.detach())
    with torch.no_grad():
        x.add_(amount)
    return array


def share_memory(a, b):
    lowest = min(a.data_ptr(), b.data_ptr())
    marks = []
    for x in (a, b):
        first = (x.data_ptr() - lowest) // x.element_size()
        within = sum(
            torch.arange(size).reshape(-1, *[1] * (x.ndim - place - 1)) * stride
            for place, (size, stride) in enumerate(zip(x.shape, x.stride(), strict=True))
        )
        marks.append(first + within.flatten())
    return bool(torch.isin(*marks).any())
