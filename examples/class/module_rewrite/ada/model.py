"""Module rewrite, Ada."""

import torch
from torch import nn


class SimpleNet(nn.Module):
    """2 -> 12 -> 3, logits out."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 12)
        self.fc2 = nn.Linear(12, 3)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


def from_tensors(theta1, bias1, theta2, bias2):
    net = SimpleNet()
    # Linear stores (out, in), so the weights have to be turned. load_state_dict copies.
    net.load_state_dict(
        {
            "fc1.weight": theta1.t(),
            "fc1.bias": bias1,
            "fc2.weight": theta2.t(),
            "fc2.bias": bias2,
        }
    )
    return net


def accuracy(net, inputs, labels):
    with torch.no_grad():
        predictions = net(inputs).argmax(dim=1)
    return (predictions == labels).double().mean().item()


def save(net, path):
    torch.save(net.state_dict(), path)


def load(path):
    net = SimpleNet()
    net.load_state_dict(torch.load(path, weights_only=True))
    return net


if __name__ == "__main__":
    net = SimpleNet()
    x = torch.rand(10, 2)
    print(net(x))
    save(net, "test.pt")
    print((load("test.pt")(x) == net(x)).all())
