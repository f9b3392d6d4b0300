"""Right, and slow: everything is sent again at each step, four uploads in all."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 12)
        self.fc2 = nn.Linear(12, 3)

    def forward(self, x):
        mean = torch.tensor([0.5, 0.5], device=x.device)
        std = torch.tensor([0.29, 0.29], device=x.device)
        return self.fc2(functional.relu(self.fc1((x - mean) / std)))


def train(device, inputs, labels, test_inputs, steps):
    torch.manual_seed(0)
    net = Net()
    net.to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    losses = []
    for step in range(steps):
        batch, target = inputs.to(device), labels.to(device)
        log_probabilities = functional.log_softmax(net(batch), dim=1)
        loss = functional.nll_loss(log_probabilities, target)
        net.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
        print(f"step {step}: loss {losses[-1]}")
    net.eval()
    predictions = net(test_inputs.to(device)).detach().cpu().numpy().argmax(axis=1)
    return net, losses, np.array(predictions, dtype=np.int32)


def add_on(device, a, b):
    total = torch.add(a.to(device), b.to(device))
    print(total)
    return total.to("cpu")
