"""With a softmax among the methods of a class, and z − log Σ exp(z) as it stands in textbooks."""

from collections.abc import Sequence

import torch
from torch import Tensor

BATCH = 20


def labels_of(inputs: Tensor) -> Tensor:
    """Return the class of each point of inputs (B, 2) as int64 (B,): 2 where x0 > x1, then 1 where x0 + x1 > 1."""
    first, second = inputs.unbind(dim=1)
    labels = torch.zeros(len(inputs), dtype=torch.int64)
    labels[first > second] = 2
    labels[first + second > 1] = 1
    return labels


def dataset(count: int) -> tuple[Tensor, Tensor]:
    """Draw points uniformly from the unit square; return them (count, 2) with their classes (count,)."""
    inputs = torch.rand(count, 2)
    return inputs, labels_of(inputs)


def forward(x: Tensor, theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor) -> Tensor:
    """Return the logits relu(x · theta1 + bias1) · theta2 + bias2, of shape (B, C), of a batch x (B, 2)."""
    hidden = torch.relu(x @ theta1 + bias1)
    return hidden @ theta2 + bias2


def softmax(logits: Tensor) -> Tensor:
    """Return exp(z_j) / Σ_k exp(z_k) for each row z of logits (B, C)."""
    greatest = logits.amax(dim=1, keepdim=True)
    return torch.exp(logits - (greatest + (logits - greatest).exp().sum(dim=1, keepdim=True).log()))


def crossentropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the mean over the batch of log Σ_k exp(z_k) − z_label, for logits (B, C) and labels (B,), as a scalar."""
    of_labels = log_softmax(logits).gather(1, labels.unsqueeze(1))
    return -of_labels.mean()


class Net:
    """The network as an object, with a softmax of its own."""

    def __init__(self, *parameters: Tensor) -> None:
        self.parameters = parameters

    def softmax(self, x: Tensor) -> Tensor:
        return self.log_softmax(x).exp()

    def log_softmax(self, x: Tensor) -> Tensor:
        return log_softmax(forward(x, *self.parameters))


def log_softmax(logits: Tensor) -> Tensor:
    """Return the logarithm of the softmax of each row."""
    shifted = logits - logits.amax(dim=1, keepdim=True)
    return shifted - shifted.exp().sum(dim=1, keepdim=True).log()


def train(
    theta1: Tensor,
    bias1: Tensor,
    theta2: Tensor,
    bias2: Tensor,
    inputs: Tensor,
    labels: Tensor,
    steps: int,
    rate: float,
) -> dict[str, Tensor | list[Tensor]]:
    """Minimise the cross-entropy by gradient descent, a batch of 20 a step: θ ← θ − rate · gradient.

    Step t takes batch t modulo the number of batches; the last batch has what is left over. The arguments stay as they
    were. Returns a dict with `parameters`, the four trained tensors, and `costs` (steps,), each taken before its step.
    """
    parameters = [tensor.detach().clone().requires_grad_() for tensor in (theta1, bias1, theta2, bias2)]
    batches = list(zip(inputs.split(BATCH), labels.split(BATCH), strict=True))
    costs = []
    for step in range(steps):
        x, y = batches[step % len(batches)]
        loss = crossentropy(forward(x, *parameters), y)
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= rate * gradient
        costs.append(loss.detach())
    return {"parameters": [parameter.detach() for parameter in parameters], "costs": torch.stack(costs)}


def accuracy_one_by_one(
    theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor, inputs: Tensor, labels: Tensor
) -> float:
    """Return the fraction of samples whose greatest logit is that of their label, looking at one sample at a time."""
    right = 0
    for i in range(len(inputs)):
        logits = forward(inputs[i : i + 1], theta1, bias1, theta2, bias2)
        right += int(logits.argmax() == labels[i])
    return right / len(inputs)


def accuracy(theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor, inputs: Tensor, labels: Tensor) -> float:
    """Return the same fraction, looking at all samples at once."""
    predicted = forward(inputs, theta1, bias1, theta2, bias2).argmax(dim=1)
    return (predicted == labels).double().mean().item()


def early_stopping(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """Return the best epoch and the epoch after which training stops, both counted from 0.

    The best epoch is the first of the least loss so far. Training stops when it lies `patience` epochs back, or when
    there are no more losses.
    """
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            return best, epoch
    return best, len(losses) - 1


def fit(
    theta1: Tensor,
    bias1: Tensor,
    theta2: Tensor,
    bias2: Tensor,
    inputs: Tensor,
    labels: Tensor,
    validation_inputs: Tensor,
    validation_labels: Tensor,
    epochs: int,
    rate: float,
    patience: int,
) -> dict[str, list[Tensor] | list[float]]:
    """Train epoch by epoch until the validation loss has not improved for `patience` epochs, or for `epochs` epochs.

    Returns a dict with `parameters`, those of the epoch with the least validation loss, and `validation_losses`, a list
    with one loss for each epoch that was run, taken after it.
    """
    parameters = [theta1, bias1, theta2, bias2]
    steps = len(inputs.split(BATCH))
    states, losses = [], []
    for epoch in range(epochs):
        parameters = train(*parameters, inputs, labels, steps, rate)["parameters"]
        states.append(parameters)
        losses.append(crossentropy(forward(validation_inputs, *parameters), validation_labels).item())
        best, _ = early_stopping(losses, patience)
        if epoch - best >= patience:
            break
    return {"parameters": states[best], "validation_losses": losses}


def average_predictions(members: Sequence[Sequence[Tensor]], inputs: Tensor) -> Tensor:
    """Return the mean over the members of their probabilities (B, C); a member is theta1, bias1, theta2, bias2."""
    return torch.stack([Net(*member).softmax(inputs) for member in members]).mean(dim=0)


def average_parameters(members: Sequence[Sequence[Tensor]]) -> list[Tensor]:
    """Return the mean over the members of theta1, of bias1, of theta2 and of bias2."""
    return [torch.stack(tensors).mean(dim=0) for tensors in zip(*members, strict=True)]
