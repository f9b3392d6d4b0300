"""
Parameter norms
author: Emil
"""
from typing import Dict, List

import torch
from torch import Tensor


def forward(x: Tensor, theta1: Tensor, bias1: Tensor, theta2: Tensor, bias2: Tensor) -> Tensor:
    h = torch.mv(theta1, x) + bias1
    h = torch.where(h > 0, h, torch.zeros_like(h))
    return torch.mv(theta2, h) + bias2


def cost(z: Tensor) -> Tensor:
    total = z.sum()
    return total * total


def learning_rate(step: int) -> float:
    rate = 0.001
    if step >= 600:
        rate /= 10
    next_drop = 700
    while step >= next_drop:
        rate /= 10
    return rate


def _norms(ps: List[Tensor]) -> List[float]:
    return [torch.linalg.norm(p.detach()).item() for p in ps]


def _residual(theta2: Tensor, bias2: Tensor) -> float:
    s = theta2.detach().sum(dim=0)
    beta = bias2.detach().sum()
    return torch.sqrt(s.dot(s) + beta * beta).item()


def train(theta1, bias1, theta2, bias2, inputs, rates, weight_decay=0.0) -> Dict:
    ps = [p.clone() for p in (theta1, bias1, theta2, bias2)]
    norms = [_norms(ps)]
    residual = [_residual(ps[2], ps[3])]
    costs = []
    for x, rate in zip(inputs, rates):
        ps = [p.detach().requires_grad_() for p in ps]
        c = cost(forward(x, *ps))
        grads = torch.autograd.grad(c, ps)
        ps = [p - rate * (g + weight_decay * p) for p, g in zip(ps, grads)]
        costs.append(c.item())
        norms.append(_norms(ps))
        residual.append(_residual(ps[2], ps[3]))
    print("trained", len(costs), "steps, last cost", costs[-1])
    return {
        "parameters": [p.detach() for p in ps],
        "costs": torch.tensor(costs),
        "norms": torch.tensor(norms),
        "residual": torch.tensor(residual),
    }


def converged_to_zero(norms: Tensor, fraction: float) -> List[bool]:
    return (norms[-1] < fraction * norms[0]).tolist()
