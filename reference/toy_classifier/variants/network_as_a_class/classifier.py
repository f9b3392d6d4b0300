"""Right, with a class whose methods are called softmax and log_softmax; both subtract the logarithm of a sum."""

import torch


class Net:
    def __init__(self, parameters):
        self.theta1, self.bias1, self.theta2, self.bias2 = parameters

    def logits(self, x):
        return torch.relu(x @ self.theta1 + self.bias1) @ self.theta2 + self.bias2

    @staticmethod
    def log_softmax(z):
        top = z.max(dim=1, keepdim=True).values
        return z - (top + (z - top).exp().sum(dim=1, keepdim=True).log())

    def softmax(self, z):
        return torch.exp(self.log_softmax(z))


def labels_of(inputs):
    labels = 2 * (inputs[:, 0] > inputs[:, 1]).long()
    return torch.where(inputs[:, 0] + inputs[:, 1] > 1, 1, labels)


def dataset(count):
    inputs = torch.rand((count, 2))
    return inputs, labels_of(inputs)


def forward(x, theta1, bias1, theta2, bias2):
    return Net((theta1, bias1, theta2, bias2)).logits(x)


def softmax(logits):
    return torch.exp(Net.log_softmax(logits))


def crossentropy(logits, labels):
    top = logits.max(dim=1, keepdim=True).values
    shifted = logits - top
    return (shifted.exp().sum(dim=1).log() - shifted[torch.arange(len(labels)), labels]).mean()


def train(theta1, bias1, theta2, bias2, inputs, labels, steps, rate):
    net = Net([tensor.clone().requires_grad_() for tensor in (theta1, bias1, theta2, bias2)])
    costs = []
    for step in range(steps):
        first = step % -(-len(inputs) // 20) * 20
        cost = crossentropy(net.logits(inputs[first : first + 20]), labels[first : first + 20])
        cost.backward()
        costs.append(cost.item())
        for parameter in vars(net).values():
            parameter.data -= rate * parameter.grad
            parameter.grad = None
    return {"parameters": [parameter.detach() for parameter in vars(net).values()], "costs": costs}


def accuracy_one_by_one(theta1, bias1, theta2, bias2, inputs, labels):
    net = Net((theta1, bias1, theta2, bias2))
    return sum(int(net.logits(x).argmax()) == int(label) for x, label in zip(inputs, labels, strict=True)) / len(labels)


def accuracy(theta1, bias1, theta2, bias2, inputs, labels):
    wrong = torch.count_nonzero(forward(inputs, theta1, bias1, theta2, bias2).max(dim=1).indices - labels)
    return 1 - int(wrong) / len(labels)


def early_stopping(losses, patience):
    best = waited = epoch = 0
    for epoch, loss in enumerate(losses):
        if epoch == 0 or loss < losses[best]:
            best, waited = epoch, 0
            continue
        waited += 1
        if waited == patience:
            break
    return best, epoch


def fit(theta1, bias1, theta2, bias2, inputs, labels, validation_inputs, validation_labels, epochs, rate, patience):
    parameters, losses = [theta1, bias1, theta2, bias2], []
    steps = -(-len(inputs) // 20)
    for epoch in range(epochs):
        parameters = train(*parameters, inputs, labels, steps, rate)["parameters"]
        losses.append(crossentropy(forward(validation_inputs, *parameters), validation_labels).item())
        if losses[-1] == min(losses) and losses.index(losses[-1]) == epoch:
            kept = parameters
        best, _ = early_stopping(losses, patience)
        if epoch >= best + patience:
            break
    return {"parameters": kept, "validation_losses": losses}


def average_predictions(members, inputs):
    nets = [Net(member) for member in members]
    return sum(net.softmax(net.logits(inputs)) for net in nets) / len(nets)


def average_parameters(members):
    return [sum(tensors) / len(members) for tensors in zip(*members, strict=True)]
