import torch
import torch.nn.functional as F


def forward(x, theta1, bias1, theta2, bias2):
    h = F.linear(x, theta1, bias1)
    return F.linear(F.relu(h), theta2, bias2)


def cost(z):
    return torch.sum(z).pow(2)


def learning_rate(step):
    lr = 0.001
    for boundary in range(600, step + 1, 100):
        lr *= 0.1
    return lr


def measure(params):
    return torch.stack([p.detach().pow(2).sum().sqrt() for p in params])


def leftover(params):
    s = params[2].detach().sum(0)
    b = params[3].detach().sum()
    return torch.sqrt((s * s).sum() + b * b)


def train(theta1, bias1, theta2, bias2, inputs, rates, weight_decay=0.0):
    params = [p.clone().detach() for p in (theta1, bias1, theta2, bias2)]
    costs = []
    norms = [measure(params)]
    residual = [leftover(params)]
    for i in range(len(inputs)):
        params = [p.requires_grad_(True) for p in params]
        c = cost(forward(inputs[i], *params))
        penalty = weight_decay * sum((p**2).sum() for p in params)
        grads = torch.autograd.grad(c + penalty, params)
        params = [(p - rates[i] * g).detach() for p, g in zip(params, grads)]
        costs.append(c.item())
        norms.append(measure(params))
        residual.append(leftover(params))
    return {
        "parameters": params,
        "costs": torch.tensor(costs),
        "norms": torch.stack(norms),
        "residual": torch.stack(residual),
    }


def converged_to_zero(norms, fraction):
    result = []
    for k in range(4):
        result.append(bool(norms[-1, k] < fraction * norms[0, k]))
    return result
