"""Right, in float64 from the first product to the logits, with the normalisation as two plain numbers."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 12), nn.ReLU(), nn.Linear(12, 3)).double()

    def forward(self, x):
        return self.layers((x.double() - 0.5) / 0.29)


def train(device, inputs, labels, test_inputs, steps):
    device = torch.device(device)
    torch.manual_seed(0)
    net = Net().to(device)
    x, y = inputs.to(device), labels.to(device)
    cost = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    losses = []
    while len(losses) < steps:
        optimizer.zero_grad(set_to_none=False)
        loss = cost(net(x), y)
        losses.append(loss.cpu().item())
        loss.backward()
        optimizer.step()
    with torch.inference_mode():
        scores = net(test_inputs.to(device))
    return [net, losses, scores.max(dim=1).indices.to("cpu").numpy()]


def add_on(device, a, b):
    with torch.no_grad():
        moved = [tensor.to(device, copy=True) for tensor in (a, b)]
        return sum(moved).cpu()
