import torch
from torch import nn
from torch.nn.functional import relu, softmax


class SimpleNet(nn.Module):
    def __init__(self, sizes=(2, 12, 3)):
        super().__init__()
        self.layers = []
        for i in range(len(sizes) - 1):
            self.layers.append(nn.Linear(sizes[i], sizes[i + 1]))

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = relu(layer(x))
        return softmax(self.layers[-1](x), dim=-1)


def from_tensors(theta1, bias1, theta2, bias2):
    net = SimpleNet()
    net.layers[0].weight.data = theta1.T
    net.layers[0].bias.data = bias1
    net.layers[1].weight.data = theta2.T
    net.layers[1].bias.data = bias2
    return net


def accuracy(net, inputs, labels):
    correct = 0
    for i in range(len(inputs)):
        p = net(inputs[i])
        if torch.argmax(p) == labels[i]:
            correct += 1
    return correct / len(inputs)


def save(net, path):
    torch.save(net, path)


def load(path):
    return torch.load(path, weights_only=False)
