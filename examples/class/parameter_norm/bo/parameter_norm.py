# Bo - exercise 1
# everything runs, the norms don't go to zero but the handout says that's ok

import torch
import torch.nn.functional as F


def forward(x, theta1, bias1, theta2, bias2):
    return F.linear(F.relu(F.linear(x, theta1, bias1)), theta2, bias2)


def cost(z):
    return z.sum().pow(2)


def learning_rate(step):
    return 0.001 * 0.1 ** (max(step - 500, 0) / 100)


def train(theta1, bias1, theta2, bias2, inputs, rates, weight_decay=0.0):
    t1 = theta1.clone().requires_grad_(True)
    b1 = bias1.clone().requires_grad_(True)
    t2 = theta2.clone().requires_grad_(True)
    b2 = bias2.clone().requires_grad_(True)
    params = [t1, b1, t2, b2]

    costs = []
    norms = [torch.stack([p.detach().norm() for p in params])]
    res = [torch.sqrt(t2.sum(0).pow(2).sum() + b2.sum() ** 2).detach()]

    for i in range(len(inputs)):
        c = cost(forward(inputs[i], t1, b1, t2, b2))
        c.backward()
        with torch.no_grad():
            for p in params:
                p -= rates[i] * (p.grad + weight_decay * p)
        costs.append(c.item())
        norms.append(torch.stack([p.detach().norm() for p in params]))
        res.append(torch.sqrt(t2.sum(0).pow(2).sum() + b2.sum() ** 2).detach())

    return {"parameters": params, "costs": costs, "norms": torch.stack(norms), "residual": torch.stack(res)}


def converged_to_zero(norms, fraction):
    first = norms[0]
    last = norms[-1]
    out = []
    for a, b in zip(first, last):
        out.append((b < fraction * a).item())
    return out
