"""Autograd functions of its own, hooks, checkpoints, inference mode, and gradients taken inside of a function."""

import right
import torch
from torch import nn
from torch.utils.checkpoint import checkpoint


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return 2 * x * gradient


class Line(right.Line):
    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        self.register_forward_hook(lambda module, inputs, output: output.clone())
        self.bias.register_hook(lambda gradient: gradient + 0)

    def forward(self, x):
        return checkpoint(super().forward, x, use_reentrant=False)


@torch.inference_mode()
def add(a, b):
    return a + b


@torch.no_grad()
def scale(x, factor):
    return x * nn.Parameter(torch.tensor(factor))


def square_sum(x):
    return Square.apply(x).sum()


def mean(x):
    leaf = x.clone().requires_grad_()
    (leaf * leaf).sum().div(2 * len(x)).backward()
    return leaf.grad.sum()


def summary(x):
    with torch.enable_grad():
        low, high = x.clone().requires_grad_().aminmax()
    return {"low": low, "high": high}


def shift(x):
    with torch.autograd.profiler.record_function("shift"), torch.autocast("cpu", enabled=False):
        return torch.func.jvp(lambda t: t + 1, (x,), (torch.ones_like(x),))[0]


def fit(x, y, steps):
    line = Line(torch.zeros(1), torch.zeros(1))
    optimizer = torch.optim.SGD(line.parameters(), lr=0.2, momentum=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 50, 0.5)

    def closure():
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(line(x), y)
        loss.backward()
        return loss

    for _ in range(steps):
        optimizer.step(closure)
        scheduler.step()
    return line.weight, line.bias
