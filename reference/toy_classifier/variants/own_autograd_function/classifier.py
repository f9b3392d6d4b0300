"""Right, with a loss that brings its own derivative; gradients are accumulated over halves of a batch."""

import torch


def labels_of(inputs):
    sides = [(a > b, a + b > 1) for a, b in inputs.tolist()]
    return torch.tensor([1 if above else 2 if right else 0 for right, above in sides])


def dataset(count):
    inputs = torch.stack([torch.rand(count), torch.rand(count)], dim=1)
    return inputs, labels_of(inputs)


class Loss(torch.autograd.Function):
    @staticmethod
    def forward(ctx, logits, labels):
        probabilities = softmax(logits)
        ctx.save_for_backward(probabilities, labels)
        top = logits.max(dim=1).values
        sums = (logits - top[:, None]).exp().sum(1)
        return (top + sums.log() - logits.gather(1, labels[:, None])[:, 0]).mean()

    @staticmethod
    def backward(ctx, gradient):
        probabilities, labels = ctx.saved_tensors
        slope = probabilities.clone()
        slope[torch.arange(len(labels)), labels] -= 1
        return gradient * slope / len(labels), None


def forward(x, theta1, bias1, theta2, bias2):
    hidden = (x[:, :1] * theta1[0] + x[:, 1:] * theta1[1] + bias1).relu()
    return (hidden.unsqueeze(2) * theta2).sum(dim=1) + bias2


def softmax(logits):
    powers = (logits - logits.detach().amax(1, True)).exp()
    return powers / powers.sum(1, True)


def crossentropy(logits, labels):
    return Loss.apply(logits, labels)


def train(theta1, bias1, theta2, bias2, inputs, labels, steps, rate):
    parameters = [torch.nn.Parameter(t.clone()) for t in (theta1, bias1, theta2, bias2)]
    costs = torch.zeros(steps)
    places = list(range(len(labels)))
    chunks = [places[i : i + 20] for i in range(0, len(places), 20)]
    for step in range(steps):
        chunk = chunks[step % len(chunks)]
        for parameter in parameters:
            parameter.grad = None
        for part in (chunk[::2], chunk[1::2]):
            if part:
                loss = crossentropy(forward(inputs[part], *parameters), labels[part]) * len(part) / len(chunk)
                loss.backward()
                costs[step] += loss.item()
        for parameter in parameters:
            parameter.data.sub_(parameter.grad, alpha=rate)
    return {"parameters": parameters, "costs": costs}


def accuracy(theta1, bias1, theta2, bias2, inputs, labels):
    z = forward(inputs, theta1, bias1, theta2, bias2)
    return torch.eq(torch.argmax(z, 1), labels).float().mean()


def accuracy_one_by_one(theta1, bias1, theta2, bias2, inputs, labels):
    hits, i = 0.0, 0
    while i < len(labels):
        z = forward(inputs[i].unsqueeze(0), theta1, bias1, theta2, bias2)
        hits, i = hits + (z.argmax().item() == labels[i].item()), i + 1
    return hits / i


def early_stopping(losses, patience):
    if len(losses) == 0:
        raise ValueError("no losses")
    best = 0
    for epoch in range(1, len(losses)):
        best = epoch if losses[epoch] < losses[best] else best
        if epoch - best == patience:
            return torch.tensor([best, epoch])
    return torch.tensor([best, len(losses) - 1])


def fit(theta1, bias1, theta2, bias2, inputs, labels, validation_inputs, validation_labels, epochs, rate, patience):
    parameters, kept, losses, waited = [theta1, bias1, theta2, bias2], [], [], 0
    while waited < patience and len(losses) < epochs:
        done = train(*parameters, inputs, labels, len(range(0, len(labels), 20)), rate)
        parameters = [p.detach() for p in done["parameters"]]
        losses.append(crossentropy(forward(validation_inputs, *parameters), validation_labels).item())
        waited += 1
        if losses[-1] == min(losses):
            kept, waited = parameters, 0
    return {"parameters": kept, "validation_losses": losses}


def average_predictions(members, inputs):
    mean = torch.zeros(len(inputs), members[0][3].numel())
    for number, member in enumerate(members, start=1):
        mean += (softmax(forward(inputs, *member)) - mean) / number
    return mean


def average_parameters(members):
    mean = [t.clone() for t in members[0]]
    for number, member in enumerate(members[1:], start=2):
        for t, other in zip(mean, member, strict=True):
            t.lerp_(other, 1 / number)
    return mean
