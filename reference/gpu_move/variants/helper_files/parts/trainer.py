"""A class that owns the network, the optimizer and the data on the device."""

import torch

from .network import Net


class Trainer:
    def __init__(self, device, inputs, labels):
        torch.manual_seed(0)
        self.device = device
        self.net = Net()
        # Module.to moves the parameters in place, so the optimizer may be made before or after.
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=0.5, momentum=0.9)
        self.net.to(device)
        self.inputs, self.labels = self.send(device, inputs), self.send(device, labels)
        self.losses = []

    @staticmethod
    def send(device, tensor):
        return tensor if str(tensor.device) == device else tensor.to(device)

    @staticmethod
    def home(tensor):
        return tensor.detach().cpu()

    def step(self):
        self.optimizer.zero_grad()
        loss = torch.nn.CrossEntropyLoss()(self.net(self.inputs), self.labels)
        loss.backward()
        self.optimizer.step()
        self.losses += [loss.item()]

    @torch.no_grad()
    def predict(self, test_inputs):
        return self.home(self.net(self.send(self.device, test_inputs)).argmax(-1)).numpy()
