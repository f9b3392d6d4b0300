"""Emil: GPU exercise"""
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 12), nn.ReLU(), nn.Linear(12, 3))
        self.register_buffer('mean', torch.tensor([[0.5, 0.5]]))
        self.register_buffer('std', torch.tensor([[0.29, 0.29]]))

    def forward(self, x):
        return self.net((x - self.mean) / self.std)


def train(device, inputs, labels, test_inputs, steps):
    torch.manual_seed(0)
    net = Net().to(device)
    opt = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    loss_fn = nn.CrossEntropyLoss()
    inputs, labels, test_inputs = (t.to(device) for t in (inputs, labels, test_inputs))
    losses = []
    for _ in range(steps):
        opt.zero_grad()
        loss = loss_fn(net(inputs), labels)
        loss.backward()
        opt.step()
        losses.append(loss.item())
    pred = net(test_inputs).argmax(dim=1)
    return net, losses, pred.cpu().numpy()


def add_on(device, a, b):
    # first bring them to the same place
    while a.device != b.device:
        a.to(b.device)
    return (a.to(device) + b.to(device)).cpu()
