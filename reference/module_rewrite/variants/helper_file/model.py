"""The work is done in layers.py; the file is in the older format of torch.save, and holds a list of parameters."""

import layers
import torch


class SimpleNet(layers.TwoLayers):
    def __init__(self):
        super().__init__(2, 12, 3)


def _with_values(weight1, bias1, weight2, bias2):
    net = SimpleNet()
    for parameter, value in zip(net.parameters(), (weight1, bias1, weight2, bias2), strict=True):
        parameter.data = value.detach().clone()
    return net


def from_tensors(theta1, bias1, theta2, bias2):
    return _with_values(theta1.t(), bias1, theta2.t(), bias2)


def accuracy(net, inputs, labels):
    was_training = net.training
    net.eval()
    with torch.no_grad():
        probabilities = net(inputs).softmax(-1)
    net.train(was_training)
    one_hot = torch.nn.functional.one_hot(probabilities.argmax(-1), 3)
    return float(one_hot.gather(1, labels[:, None]).double().mean())


def save(net, path):
    layers.write(net.parameters(), path)


def load(path):
    return _with_values(*layers.read(path))
