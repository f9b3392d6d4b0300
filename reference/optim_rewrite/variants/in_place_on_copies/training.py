"""Right, with in-place arithmetic on copies, and with one optimiser for each parameter."""

import copy

import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from torch import nn


class Perceptron(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.hidden, self.output = nn.Linear(*sizes[:2]), nn.Linear(*sizes[1:])

    def forward(self, x):
        return self.output(nn.functional.relu(self.hidden(x)))


def network(theta1, bias1, theta2, bias2):
    net = Perceptron((*theta1.shape, theta2.shape[1]))
    with torch.no_grad():
        for layer, weight, bias in ((net.hidden, theta1, bias1), (net.output, theta2, bias2)):
            layer.weight.copy_(weight.t())
            layer.bias.copy_(bias)
    return net


def affine(theta, bias):
    """Given: a network without hidden units, z = x · theta + bias, with copies of theta (I, C) and bias (C,)."""
    net = nn.Linear(*theta.shape)
    net.load_state_dict({"weight": theta.T, "bias": bias})
    return net


def train(net, inputs, labels, steps, rate):
    optimizers = [torch.optim.SGD([p], lr=rate, momentum=0.9) for p in net.parameters()]
    rows = torch.arange(len(inputs)).split(20)
    losses = torch.zeros(steps)
    for step in range(steps):
        row = rows[step % len(rows)]
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=False)
        loss = nn.functional.cross_entropy(net(inputs[row]), labels[row], reduction="sum") / len(row)
        loss.backward()
        losses[step] = loss.detach()
        for optimizer in optimizers:
            optimizer.step()
    return losses.tolist()


def momentum(theta, gradient, state, rate, mu):
    state = copy.deepcopy(state) or {"v": torch.zeros_like(theta)}
    state["v"].mul_(mu).add_(gradient)
    return theta.sub(state["v"], alpha=rate), state


def nesterov(theta, gradient, state, rate, mu):
    state = copy.deepcopy(state) or {"v": torch.zeros_like(theta)}
    state["v"].mul_(mu).add_(gradient)
    return theta.sub(gradient.add(state["v"], alpha=mu), alpha=rate), state


def weight_decay(theta, gradient, state, rate, decay):
    return theta.clone().mul_(1 - rate * decay).sub_(gradient, alpha=rate), state


def adagrad(theta, gradient, state, rate, eps):
    state = copy.deepcopy(state) or {"s": torch.zeros_like(theta)}
    state["s"].addcmul_(gradient, gradient)
    return theta.clone().addcdiv_(gradient, state["s"].sqrt().add_(eps), value=-rate), state


def rmsprop(theta, gradient, state, rate, alpha, eps):
    state = copy.deepcopy(state) or {"s": torch.zeros_like(theta)}
    state["s"].mul_(alpha).addcmul_(gradient, gradient, value=1 - alpha)
    return theta.clone().addcdiv_(gradient, state["s"].sqrt().add_(eps), value=-rate), state


def adadelta(theta, gradient, state, rate, rho, eps):
    state = copy.deepcopy(state) or {"s": torch.zeros_like(theta), "u": torch.zeros_like(theta)}
    state["s"].mul_(rho).addcmul_(gradient, gradient, value=1 - rho)
    change = state["u"].add(eps).sqrt_().div_(state["s"].add(eps).sqrt_()).mul_(gradient)
    state["u"].mul_(rho).addcmul_(change, change, value=1 - rho)
    return theta - rate * change, state


def adam(theta, gradient, state, rate, beta1, beta2, eps):
    state = copy.deepcopy(state) or {"t": 0, "m": torch.zeros_like(theta), "v": torch.zeros_like(theta)}
    state["t"] += 1
    state["m"].lerp_(gradient, 1 - beta1)
    state["v"].lerp_(gradient.square(), 1 - beta2)
    root = state["v"].sqrt() / (1 - beta2 ** state["t"]) ** 0.5
    return theta.clone().addcdiv_(state["m"], root.add_(eps), value=-rate / (1 - beta1 ** state["t"])), state


def adamw(theta, gradient, state, rate, beta1, beta2, eps, decay):
    theta = theta.clone()
    theta.mul_(1 - rate * decay)
    return adam(theta, gradient, state, rate, beta1, beta2, eps)


def plot_curves(history):
    figure = Figure(figsize=(4, 3))
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    for name, values in history.items():
        axes.add_line(Line2D(torch.arange(len(values)), torch.tensor(values), label=name))
    axes.autoscale_view()
    axes.set_xlabel("step")
    axes.set_ylabel("loss")
    axes.legend(loc="upper right")
    figure.savefig("curves.png")
    return figure


def combine(gradients, sizes):
    weights = torch.tensor(sizes, dtype=torch.float64)
    return torch.einsum("k,k...->...", weights / weights.sum(), torch.stack(list(gradients)).double())
