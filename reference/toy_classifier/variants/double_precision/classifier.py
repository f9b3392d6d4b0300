"""Right, without state: torch.func differentiates a pure function, and everything is computed in double precision."""

import itertools

import torch
from torch.func import grad_and_value


def labels_of(inputs):
    a, b = inputs[:, 0], inputs[:, 1]
    above = a + b > 1
    return above * 1 + ~above * (a > b) * 2


def dataset(count):
    inputs = torch.empty(count, 2, dtype=torch.float64).uniform_()
    return inputs, labels_of(inputs)


def forward(x, theta1, bias1, theta2, bias2):
    x, theta1, bias1, theta2, bias2 = (t.double() for t in (x, theta1, bias1, theta2, bias2))
    hidden = torch.einsum("bi,ih->bh", x, theta1) + bias1
    return torch.einsum("bh,hc->bc", torch.where(hidden > 0, hidden, 0), theta2) + bias2


def softmax(logits):
    z = logits.double()
    powers = torch.exp(z - z.max(dim=-1, keepdim=True)[0])
    return powers / torch.einsum("bc->b", powers)[:, None]


def crossentropy(logits, labels):
    z = logits.double()
    classes = torch.eye(z.shape[1], dtype=torch.float64)[labels]
    # log(Σ exp(z_k) / exp(z_label)): the greatest exponent goes out in front.
    above = z - (z * classes).sum(1, keepdim=True)
    top = above.detach().max(1, keepdim=True).values
    return (top.squeeze(1) + (above - top).exp().sum(1).log()).mean()


def objective(parameters, x, y):
    return crossentropy(forward(x, *parameters), y)


def train(theta1, bias1, theta2, bias2, inputs, labels, steps, rate):
    derivative = grad_and_value(objective)
    parameters, costs = tuple(t.double() for t in (theta1, bias1, theta2, bias2)), []
    batches = itertools.cycle(range(0, len(labels), 20))
    for start in itertools.islice(batches, steps):
        rows = slice(start, start + 20)
        gradients, cost = derivative(parameters, inputs[rows], labels[rows])
        parameters = tuple(p - rate * g for p, g in zip(parameters, gradients, strict=True))
        costs.append(cost)
    return {"parameters": parameters, "costs": costs, "rate": rate}


def accuracy(theta1, bias1, theta2, bias2, inputs, labels):
    z = forward(inputs, theta1, bias1, theta2, bias2)
    return 1 - (z.max(dim=1).indices - labels).count_nonzero() / len(labels)


def accuracy_one_by_one(theta1, bias1, theta2, bias2, inputs, labels):
    return sum(accuracy(theta1, bias1, theta2, bias2, inputs[i][None], labels[[i]]) for i in range(len(labels))) / len(
        labels
    )


def early_stopping(losses, patience):
    best, best_loss, waited = 0, float("inf"), 0
    for epoch, loss in enumerate(losses):
        waited += 1
        if loss < best_loss:
            best, best_loss, waited = epoch, loss, 0
        if waited == patience:
            break
    return best, epoch


def fit(theta1, bias1, theta2, bias2, inputs, labels, validation_inputs, validation_labels, epochs, rate, patience):
    parameters = theta1, bias1, theta2, bias2
    kept, losses = parameters, []
    for _ in range(epochs):
        parameters = train(*parameters, inputs, labels, (len(labels) - 1) // 20 + 1, rate)["parameters"]
        loss = objective(parameters, validation_inputs, validation_labels)
        kept = parameters if not losses or loss < min(losses) else kept
        losses.append(loss)
        best, stop = early_stopping(losses, patience)
        if stop - best == patience:
            break
    return {"parameters": kept, "validation_losses": losses}


def average_predictions(members, inputs):
    theta1, bias1, theta2, bias2 = (torch.stack(tensors).double() for tensors in zip(*members, strict=True))
    hidden = (inputs.double() @ theta1 + bias1[:, None]).clamp(min=0)
    logits = hidden @ theta2 + bias2[:, None]
    return softmax(logits.flatten(0, 1)).reshape(logits.shape).mean(0)


def average_parameters(members):
    return tuple(torch.stack(tensors).double().mean(0) for tensors in zip(*members, strict=True))
