"""Right, with nn.Sequential and a DataLoader, and with rules on nested lists of Python floats."""

import itertools
import math

import torch
from matplotlib import pyplot
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def network(theta1, bias1, theta2, bias2):
    layers = nn.Linear(*theta1.shape), nn.ReLU(), nn.Linear(*theta2.shape)
    net = nn.Sequential(*layers)
    state = {"0.weight": theta1.T, "0.bias": bias1, "2.weight": theta2.T, "2.bias": bias2}
    net.load_state_dict(state)
    return net


def affine(theta, bias):
    """Given: a network without hidden units, z = x · theta + bias, with copies of theta (I, C) and bias (C,)."""
    net = nn.Linear(*theta.shape)
    net.load_state_dict({"weight": theta.T, "bias": bias})
    return net


def train(net, inputs, labels, steps, rate):
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), momentum=0.9, lr=rate)
    loader = DataLoader(TensorDataset(inputs, labels), batch_size=20)
    endless = itertools.chain.from_iterable(itertools.repeat(loader))
    losses = []
    net.train()
    for x, y in itertools.islice(endless, steps):
        loss = criterion(net(x), y)
        net.zero_grad()
        loss.backward()
        optimizer.step()
        losses += [loss.detach().item()]
    return losses


def each(theta, gradient, state, rule):
    """Apply a rule for one number to all of them; the state is a list of what the rule keeps for each number."""
    ps, gs = theta.flatten().tolist(), gradient.flatten().tolist()
    kept = state.get("kept") or [[] for _ in ps]
    done = [rule(p, g, *k) for p, g, k in zip(ps, gs, kept, strict=True)]
    return torch.tensor([p for p, *_ in done]).reshape(theta.shape), {"kept": [k for _, *k in done]}


def momentum(theta, gradient, state, rate, mu):
    def rule(p, g, v=0.0):
        v = mu * v + g
        return p - rate * v, v

    return each(theta, gradient, state, rule)


def nesterov(theta, gradient, state, rate, mu):
    def rule(p, g, v=0.0):
        v = mu * v + g
        return p - rate * (g + mu * v), v

    return each(theta, gradient, state, rule)


def weight_decay(theta, gradient, state, rate, decay):
    return each(theta, gradient, state, lambda p, g: (p - rate * (g + decay * p),))


def adagrad(theta, gradient, state, rate, eps):
    def rule(p, g, s=0.0):
        s += g * g
        return p - rate * g / (math.sqrt(s) + eps), s

    return each(theta, gradient, state, rule)


def rmsprop(theta, gradient, state, rate, alpha, eps):
    def rule(p, g, s=0.0):
        s = alpha * s + (1 - alpha) * g * g
        return p - rate * g / (math.sqrt(s) + eps), s

    return each(theta, gradient, state, rule)


def adadelta(theta, gradient, state, rate, rho, eps):
    def rule(p, g, s=0.0, u=0.0):
        s = rho * s + (1 - rho) * g * g
        d = math.sqrt(u + eps) / math.sqrt(s + eps) * g
        return p - rate * d, s, rho * u + (1 - rho) * d * d

    return each(theta, gradient, state, rule)


def adam(theta, gradient, state, rate, beta1, beta2, eps):
    def rule(p, g, m=0.0, v=0.0, b1=1.0, b2=1.0):
        m, v, b1, b2 = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g, b1 * beta1, b2 * beta2
        return p - rate * m / (1 - b1) / (math.sqrt(v / (1 - b2)) + eps), m, v, b1, b2

    return each(theta, gradient, state, rule)


def adamw(theta, gradient, state, rate, beta1, beta2, eps, decay):
    moved, state = adam(theta, gradient, state, rate, beta1, beta2, eps)
    return moved - rate * decay * theta, state


def plot_curves(history):
    figure = pyplot.figure()
    for name in history:
        pyplot.plot([*range(len(history[name]))], history[name], "o-", label=name)
    pyplot.xlabel("step")
    pyplot.ylabel("loss")
    pyplot.legend()
    pyplot.show()
    return figure


def combine(gradients, sizes):
    mean = torch.zeros_like(gradients[0])
    seen = 0
    for gradient, size in zip(gradients, sizes, strict=True):
        seen += size
        mean = mean + (gradient - mean) * size / seen
    return mean.tolist()
