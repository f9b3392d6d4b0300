"""Right, with helper files and an optimiser of PyTorch in train."""

import torch
from losses import crossentropy, softmax
from points import dataset, labels_of

__all__ = ["accuracy", "average_predictions", "crossentropy", "dataset", "forward", "labels_of", "softmax", "train"]


def forward(x, theta1, bias1, theta2, bias2):
    hidden = torch.nn.functional.linear(x, theta1.T, bias1)
    return torch.nn.functional.linear(torch.nn.functional.relu(hidden), theta2.T, bias2)


def train(theta1, bias1, theta2, bias2, inputs, labels, steps, rate):
    parameters = [torch.nn.Parameter(t.detach().clone()) for t in (theta1, bias1, theta2, bias2)]
    optimizer = torch.optim.SGD(parameters, lr=rate)
    costs = []
    for step in range(steps):
        first = step % (1 + (len(labels) - 1) // 20) * 20
        optimizer.zero_grad()
        cost = crossentropy(forward(inputs[first : first + 20], *parameters), labels[first : first + 20])
        cost.backward()
        optimizer.step()
        costs.append(cost)
    return {"parameters": parameters, "costs": torch.tensor(costs)}


@torch.no_grad()
def accuracy(theta1, bias1, theta2, bias2, inputs, labels):
    return (forward(inputs, theta1, bias1, theta2, bias2).argmax(-1) == labels).sum() / len(labels)


@torch.no_grad()
def accuracy_one_by_one(*arguments):
    *parameters, inputs, labels = arguments
    return torch.stack(
        [accuracy(*parameters, *one) for one in zip(inputs.split(1), labels.split(1), strict=True)]
    ).mean()


def early_stopping(losses, patience):
    firsts = [losses.index(min(losses[: epoch + 1])) for epoch in range(len(losses))]
    stop = next((epoch for epoch, best in enumerate(firsts) if epoch - best >= patience), len(losses) - 1)
    return firsts[stop], stop


def fit(theta1, bias1, theta2, bias2, inputs, labels, validation_inputs, validation_labels, epochs, rate, patience):
    now, best, losses = [theta1, bias1, theta2, bias2], None, []
    for _ in range(epochs):
        now = train(*now, inputs, labels, len(inputs.split(20)), rate)["parameters"]
        losses.append(crossentropy(forward(validation_inputs, *now), validation_labels).item())
        if best is None or losses[-1] < best[0]:
            best = losses[-1], len(losses), [t.detach() for t in now]
        if len(losses) - best[1] == patience:
            break
    return {"parameters": best[2], "validation_losses": losses, "stopped": len(losses) < epochs}


def average_predictions(members, inputs):
    return torch.mean(torch.stack([softmax(forward(inputs, *member)) for member in members], dim=-1), dim=-1)


def average_parameters(members):
    return [sum(t / len(members) for t in tensors) for tensors in zip(*members, strict=True)]
