# chen, homework 7
import torch
import torch.nn as nn
import torch.optim as optim
from torch.nn import functional as F

device = 'cuda' if torch.cuda.is_available() else 'cpu'

class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        # parameters so they get moved
        self.mean = nn.Parameter(torch.tensor([.5, .5]))
        self.std = nn.Parameter(torch.tensor([.29, .29]))
        self.lin1 = nn.Linear(2, 12)
        self.lin2 = nn.Linear(12, 3)

    def forward(self, x):
        x = x - self.mean / self.std
        x = F.relu(self.lin1(x))
        return F.softmax(self.lin2(x), dim=1)   # probabilities

net = Net()
net.to(device)

def train(device, inputs, labels, test_inputs, steps):
    torch.manual_seed(0)
    optimizer = optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    inputs.to(device)
    labels.to(device)
    losses = []
    for i in range(steps):
        output = net(inputs)
        loss = F.cross_entropy(output, labels)
        loss.backward()
        optimizer.step()
        losses.append(loss)
    predictions = net(test_inputs).argmax(dim=1)
    return net, losses, predictions

def add_on(device, a, b):
    a.to(device)
    b.to(device)
    return a + b
