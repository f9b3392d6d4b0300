"""Right, with the losses kept on the device and read once at the end, and works on copies it may change."""

import numpy as np
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, 12), nn.Linear(12, 3)])
        statistics = np.array([[0.5, 0.5], [0.29, 0.29]], dtype=np.float32)
        self.register_buffer("statistics", torch.from_numpy(statistics))

    def forward(self, x):
        mean, std = self.statistics
        x = x.clone()
        x -= mean
        x /= std
        first, second = self.layers
        return second(first(x).relu_())


def train(device, inputs, labels, test_inputs, steps):
    generator = torch.manual_seed(0)
    assert generator.initial_seed() == 0
    net = Net().to(device).train()
    there = {"x": inputs.to(device), "y": labels.to(device), "test": test_inputs.to(device)}
    optimizer = torch.optim.SGD([{"params": net.layers.parameters()}], lr=0.5, momentum=0.9, foreach=False)
    history = torch.zeros(steps, device=device)

    def closure():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(there["x"]), there["y"])
        loss.backward()
        return loss

    for step in range(steps):
        history[step] = optimizer.step(closure).detach()
    predictions = net(there["test"]).softmax(dim=1).argmax(dim=1)
    return net, history.tolist(), np.asarray(predictions.cpu())


def add_on(device, a, b):
    total = torch.empty(a.shape, device=device, dtype=a.dtype)
    torch.add(a.to(device), b.to(device), out=total)
    return total.cpu()
