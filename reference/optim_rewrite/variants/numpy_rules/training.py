"""Right, with NumPy in double precision for the rules, and a training loop that needs no optimiser."""

import matplotlib
import numpy as np
import torch
from matplotlib.figure import Figure

matplotlib.use("Agg")


class Classifier(torch.nn.Module):
    def __init__(self, tensors):
        super().__init__()
        self.all = torch.nn.ParameterList([torch.nn.Parameter(t.detach().clone()) for t in tensors])

    def forward(self, x):
        hidden = torch.addmm(self.all[1], x, self.all[0]).clamp(min=0)
        return torch.addmm(self.all[3], hidden, self.all[2])


def network(theta1, bias1, theta2, bias2):
    return Classifier((theta1, bias1, theta2, bias2))


def affine(theta, bias):
    """Given: a network without hidden units, z = x · theta + bias, with copies of theta (I, C) and bias (C,)."""
    net = torch.nn.Linear(*theta.shape)
    net.load_state_dict({"weight": theta.T, "bias": bias})
    return net


def train(net, inputs, labels, steps, rate):
    parameters = list(net.parameters())
    velocities = [torch.zeros_like(p) for p in parameters]
    losses = []
    for step in range(steps):
        first = 20 * step % (20 * ((len(inputs) + 19) // 20))
        log_probabilities = torch.log_softmax(net(inputs[first : first + 20]), dim=1)
        loss = torch.nn.functional.nll_loss(log_probabilities, labels[first : first + 20])
        for p, v, g in zip(parameters, velocities, torch.autograd.grad(loss, parameters), strict=True):
            v.mul_(0.9).add_(g)
            p.data.sub_(rate * v)
        losses.append(float(loss))
    return losses


def read(theta, gradient, state, *names):
    zeros = np.zeros(tuple(theta.shape))
    values = [np.asarray(state[name], dtype=np.float64) if name in state else zeros for name in names]
    return [np.asarray(theta, dtype=np.float64), np.asarray(gradient, dtype=np.float64), *values]


def momentum(theta, gradient, state, rate, mu):
    p, g, v = read(theta, gradient, state, "v")
    v = mu * v + g
    return p - rate * v, {"v": v}


def nesterov(theta, gradient, state, rate, mu):
    p, g, v = read(theta, gradient, state, "v")
    v = mu * v + g
    return p - rate * g - rate * mu * v, {"v": v}


def weight_decay(theta, gradient, state, rate, decay):
    p, g = read(theta, gradient, state)
    return (1 - rate * decay) * p - rate * g, {}


def adagrad(theta, gradient, state, rate, eps):
    p, g, s = read(theta, gradient, state, "s")
    s = s + g * g
    return p - rate * g / (np.sqrt(s) + eps), {"s": s}


def rmsprop(theta, gradient, state, rate, alpha, eps):
    p, g, s = read(theta, gradient, state, "s")
    s = s + (1 - alpha) * (g * g - s)
    return p - rate * g / (np.sqrt(s) + eps), {"s": s}


def adadelta(theta, gradient, state, rate, rho, eps):
    p, g, s, u = read(theta, gradient, state, "s", "u")
    s = rho * s + (1 - rho) * g * g
    d = g * np.sqrt((u + eps) / (s + eps))
    return p - rate * d, {"s": s, "u": rho * u + (1 - rho) * d * d}


def adam(theta, gradient, state, rate, beta1, beta2, eps):
    return adamw(theta, gradient, state, rate, beta1, beta2, eps, 0.0)


def adamw(theta, gradient, state, rate, beta1, beta2, eps, decay):
    p, g, m, v, t = read(theta, gradient, state, "m", "v", "t")
    t = t + 1
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
    step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return p - rate * (step + decay * p), {"m": m, "v": v, "t": t}


def plot_curves(history):
    figure = Figure()
    axes = figure.add_subplot()
    lines = [axes.plot(np.arange(len(values)), np.array(values))[0] for values in history.values()]
    axes.legend(lines, history.keys())
    for line, name in zip(lines, history, strict=True):
        line.set_label(name)
    axes.set(xlabel="steps", ylabel="loss", title="Training")
    return figure


def combine(gradients, sizes):
    return np.average([np.asarray(g, dtype=np.float64) for g in gradients], axis=0, weights=sizes)
