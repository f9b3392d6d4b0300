import torch
import torch.nn as nn


class SimpleNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = nn.Linear(2, 12)
        self.relu = nn.ReLU()
        self.layer2 = nn.Linear(12, 3)

    def forward(self, x):
        out = self.layer1(x)
        out = self.relu(out)
        return self.layer2(out)


def from_tensors(theta1, bias1, theta2, bias2):
    net = SimpleNet()
    # Linear wants (12, 2) and (3, 12)
    net.layer1.weight.data = theta1.reshape(12, 2)
    net.layer1.bias.data = bias1
    net.layer2.weight.data = theta2.reshape(3, 12)
    net.layer2.bias.data = bias2
    return net


def accuracy(net, inputs, labels):
    outputs = net(inputs)
    _, predicted = torch.max(outputs, 1)
    correct = (predicted == labels).sum().item()
    return 100 * correct / labels.size(0)


def save(net, path):
    torch.save(net.state_dict(), path)


def load(path):
    net = SimpleNet()
    # got a warning about weights_only, this makes it go away
    net.load_state_dict(torch.load(path, weights_only=False))
    return net
