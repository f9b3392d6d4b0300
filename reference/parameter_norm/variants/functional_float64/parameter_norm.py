"""Right, without state: torch.func differentiates a pure function, in double precision; each step makes new tensors."""

from functools import reduce

import torch
from torch.func import grad_and_value


def forward(x, theta1, bias1, theta2, bias2):
    hidden = (torch.einsum("hi,i->h", theta1, x) + bias1).clamp(min=0)
    return torch.einsum("oh,h->o", theta2, hidden) + bias2


def cost(z):
    return torch.outer(z, z).sum()


def learning_rate(step):
    return torch.tensor(1e-3, dtype=torch.float64) / 10 ** max(0, step // 100 - 5)


def objective(parameters, x):
    return cost(forward(x, *parameters))


def train(theta1, bias1, theta2, bias2, inputs, rates, weight_decay=0.0):
    start = tuple(p.double() for p in (theta1, bias1, theta2, bias2))
    derivative = grad_and_value(objective)

    def step(history, sample):
        x, rate = sample
        *_, parameters = history[0]
        gradients, value = derivative(parameters, x)
        moved = tuple(p - rate * (g + weight_decay * p) for p, g in zip(parameters, gradients, strict=True))
        history[0].append(moved)
        history[1].append(value)
        return history

    states, costs = reduce(step, zip(inputs.double(), rates.double(), strict=True), ([start], []))
    return {
        "parameters": states[-1],
        "costs": torch.tensor(costs),
        "norms": torch.tensor([[p.norm() for p in state] for state in states]),
        "residual": torch.tensor([torch.hypot(t2.sum(0).norm(), b2.sum()) for _, _, t2, b2 in states]),
    }


def converged_to_zero(norms, fraction):
    first, *_, last = norms.tolist()
    return [a > 0 and b / a < fraction for a, b in zip(first, last, strict=True)]
