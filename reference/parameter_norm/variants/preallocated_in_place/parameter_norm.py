"""Right, and frugal: the curves are allocated once, and private copies of the parameters are changed in place."""

import copy

import torch

PARAMETERS = 4


def forward(x, theta1, bias1, theta2, bias2):
    h = torch.addmv(bias1, theta1, x)
    h = h * (h > 0)
    return torch.addmv(bias2, theta2, h)


def cost(z):
    total = z.sum()
    return total * total


def learning_rate(step):
    steps_down = 0
    while step >= 600:
        steps_down += 1
        step -= 100
    return round(0.001 / 10**steps_down, 12 + steps_down)


def train(theta1, bias1, theta2, bias2, inputs, rates, weight_decay=0.0):
    own = copy.deepcopy([theta1, bias1, theta2, bias2])
    steps = len(inputs)
    costs = torch.empty(steps)
    norms = torch.empty(steps + 1, PARAMETERS)
    seen = torch.empty(steps + 1, theta2.shape[1] + 1)

    def note(row):
        for column, p in enumerate(own):
            norms[row, column] = torch.dot(p.flatten(), p.flatten()) ** 0.5
        seen[row, :-1] = torch.ones(len(own[2])) @ own[2]
        seen[row, -1] = own[3].sum()

    note(0)
    for step in range(steps):
        leaves = [p.detach().requires_grad_() for p in own]
        value = cost(forward(inputs[step], *leaves))
        gradients = torch.autograd.grad(value, leaves)
        costs[step] = value.detach()
        for p, g in zip(own, gradients, strict=True):
            p.add_(g.add(p, alpha=weight_decay), alpha=-rates[step].item())
        note(step + 1)
    return {"parameters": own, "costs": costs, "norms": norms, "residual": torch.linalg.vector_norm(seen, dim=1)}


def converged_to_zero(norms, fraction):
    return torch.lt(norms[-1], norms[0] * fraction).tolist()
