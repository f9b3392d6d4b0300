"""
Exercise: module rewrite
Emil
"""

import torch
from torch import nn


class SimpleNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(2, 12),
            nn.ReLU(),
            nn.Linear(12, 3),
        )

    def forward(self, x):
        return self.net(x)


def from_tensors(theta1, bias1, theta2, bias2):
    model = SimpleNet()
    with torch.no_grad():
        model.net[0].weight.copy_(theta1.T)
        model.net[0].bias.copy_(bias1)
        model.net[2].weight.copy_(theta2.T)
        model.net[2].bias.copy_(bias2)
    return model


def accuracy(net, inputs, labels, batch_size=20):
    # batches of 20 like in the training loop
    right = 0
    start = 0
    while start < len(inputs):
        x = inputs[start : start + batch_size]
        y = labels[start : start + batch_size]
        right += (net(x).argmax(1) == y).sum().item()
    start += batch_size
    return right / len(inputs)


def save(net, path):
    torch.save(net.state_dict(), path)


def load(path):
    model = SimpleNet()
    model.load_state_dict(torch.load(path))
    model.eval()
    return model
