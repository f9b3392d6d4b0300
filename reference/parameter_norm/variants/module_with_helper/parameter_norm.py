"""Right, as a torch module that lives in a file beside this one."""

import torch
from network import Perceptron


def forward(x, theta1, bias1, theta2, bias2):
    return Perceptron(theta1, bias1, theta2, bias2)(x)


def cost(z):
    return z.sum().square()


def learning_rate(step):
    exponent = 3 + max((step - 500) // 100, 0)
    return float(f"1e-{exponent}")


def train(theta1, bias1, theta2, bias2, inputs, rates, weight_decay=0.0):
    net = Perceptron(theta1, bias1, theta2, bias2)
    costs, norms, residual = [], [net.norms()], [net.residual()]
    for x, rate in zip(inputs, rates, strict=True):
        net.zero_grad()
        c = cost(net(x))
        c.backward()
        net.descend(rate, weight_decay)
        costs.append(c)
        norms.append(net.norms())
        residual.append(net.residual())
    return {
        "parameters": list(net.parameters()),
        "costs": torch.stack(costs),
        "norms": torch.stack(norms),
        "residual": torch.stack(residual),
        "net": repr(net),
    }


def converged_to_zero(norms, fraction):
    answers = []
    for first, last in zip(norms[0], norms[len(norms) - 1], strict=True):
        answers.append(bool(torch.lt(last, first * fraction)))
    return answers
