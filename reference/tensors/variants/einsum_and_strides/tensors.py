"""Right, and written with what few reach for: einsum, gather, broadcasting, strides, and writing to see who notices."""

import torch


def filled(rows, columns, value):
    return torch.tensor(float(value)).expand(rows, columns)


def from_array(array):
    return torch.as_tensor(array).type(torch.FloatTensor)


def shape_and_count(x):
    x = torch.as_tensor(x)
    return x.size(), x.numel()


def integers(start, stop, step):
    return torch.cumsum(torch.tensor([start, *[step] * (len(range(start, stop, step)) - 1)]), 0)


def points(low, high, count):
    return torch.lerp(torch.tensor(low), torch.tensor(high), torch.arange(count) / (count - 1))


def column(x, k):
    return x.select(1, k)


def swap_columns(x, i, j):
    swap = torch.eye(x.shape[1])
    swap[[i, j]] = swap[[j, i]]
    return x @ swap


def add_in_place(x, row):
    x.add_(row)
    return torch.sub(x, row)


def elementwise_product(a, b):
    return torch.einsum("ij,ij->ij", a, b)


def matrix_product(a, b):
    return (a[:, :, None] * b[None]).sum(1)


def matrix_vector_product(a, v):
    return torch.einsum("ij,j->i", a, v.float())


def outer_product(u, v):
    return torch.kron(u, v).unflatten(0, (len(u), len(v)))


def flatten_samples(x):
    return torch.cat(x.unbind(1), dim=1)


def flatten_by_columns(x):
    return torch.cat(x.unbind(1))


def side_by_side(a, b):
    return torch.vstack([a.T, b.T]).T


def stacked(tensors):
    return torch.cat([tensor[None] for tensor in tensors])


def with_new_dimension(x, position):
    return x[(*[slice(None)] * (position % 3), None, ...)]


def channels_first(images):
    return torch.stack(images.unbind(3), dim=1)


def add_through_tensor(array, amount):
    return torch.as_tensor(array).add_(amount)


def add_to_copy(array, amount):
    return torch.from_numpy(array) + amount


@torch.no_grad()
def add_through_array(x, amount):
    x += amount
    return x.detach().numpy()


def share_memory(a, b):
    kept = a.clone()
    before = b.clone()
    a += 1.0
    seen = not torch.equal(b, before)
    a.copy_(kept)
    return seen
