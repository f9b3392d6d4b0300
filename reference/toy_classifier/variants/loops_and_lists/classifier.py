"""Right, in plain Python where that is possible: lists, loops and the math module."""

import math
import random

import torch


def labels_of(inputs):
    labels = []
    for x in inputs:
        label = 0
        if x[0] > x[1]:
            label = 2
        if x[0] + x[1] > 1:
            label = 1
        labels.append(label)
    return labels


def dataset(count):
    inputs = torch.tensor([[random.random(), random.random()] for _ in range(count)])
    return inputs.tolist(), labels_of(inputs)


def forward(x, theta1, bias1, theta2, bias2):
    return torch.stack([torch.relu(row @ theta1 + bias1) @ theta2 + bias2 for row in x])


def softmax(logits):
    rows = []
    for row in logits.tolist():
        powers = [math.exp(z - max(row)) for z in row]
        rows.append([power / math.fsum(powers) for power in powers])
    return rows


def crossentropy(logits, labels):
    losses = []
    for z, label in zip(logits, labels, strict=True):
        top = max(z.tolist())
        losses.append(torch.log(sum(torch.exp(a - top) for a in z)) + top - z[label])
    return sum(losses) / len(losses)


def train(theta1, bias1, theta2, bias2, inputs, labels, steps, rate):
    p = [t.clone().requires_grad_() for t in (theta1, bias1, theta2, bias2)]
    data = torch.utils.data.TensorDataset(inputs, labels)
    costs = []
    while len(costs) < steps:
        for x, y in torch.utils.data.DataLoader(data, batch_size=20):
            if len(costs) == steps:
                break
            z = torch.relu(x @ p[0] + p[1]) @ p[2] + p[3]
            z = z - z.max(1, keepdim=True)[0].detach()
            cost = (z.exp().sum(1).log() - z[range(len(y)), y]).mean()
            cost.backward()
            costs.append(cost.item())
            p = [(t - rate * t.grad).detach().requires_grad_() for t in p]
    return {"costs": costs, "parameters": [t.tolist() for t in p]}


def accuracy(theta1, bias1, theta2, bias2, inputs, labels):
    z = torch.relu(inputs @ theta1 + bias1) @ theta2 + bias2
    right = torch.where(z.argmax(1) == labels, 1, 0)
    return int(right.sum()) / right.numel()


def accuracy_one_by_one(theta1, bias1, theta2, bias2, inputs, labels):
    right = []
    for x, y in zip(inputs, labels, strict=True):
        z = (torch.relu(x @ theta1 + bias1) @ theta2 + bias2).tolist()
        right.append(z.index(max(z)) == y)
    return right.count(True) / len(right)


def early_stopping(losses, patience):
    stop = 0
    while stop < len(losses) - 1 and stop - losses.index(min(losses[: stop + 1])) < patience:
        stop += 1
    return losses.index(min(losses[: stop + 1])), stop


def fit(theta1, bias1, theta2, bias2, inputs, labels, validation_inputs, validation_labels, epochs, rate, patience):
    # All epochs first, each from the start again; then it is looked where it would have stopped.
    batches = math.ceil(len(labels) / 20)
    runs = [
        [torch.tensor(p) for p in train(theta1, bias1, theta2, bias2, inputs, labels, batches * n, rate)["parameters"]]
        for n in range(1, epochs + 1)
    ]
    losses = [float(crossentropy(forward(validation_inputs, *run), validation_labels)) for run in runs]
    best, stop = early_stopping(losses, patience)
    return {"parameters": runs[best], "validation_losses": losses[: stop + 1]}


def average_predictions(members, inputs):
    each = [softmax(forward(inputs, *member)) for member in members]
    return [[math.fsum(ps) / len(ps) for ps in zip(*rows, strict=True)] for rows in zip(*each, strict=False)]


def average_parameters(members):
    return [(sum(ts[1:], ts[0]) / len(ts)).numpy() for ts in zip(*members, strict=True)]
