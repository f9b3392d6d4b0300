import torch
import torch.nn as nn

class Net(nn.Module):

    def __init__(self):
        super().__init__()
        self.mean = torch.tensor([0.5, 0.5])
        self.std = torch.tensor([0.29, 0.29])
        self.fc1 = nn.Linear(2, 12)
        self.fc2 = nn.Linear(12, 3)

    def forward(self, x):
        x = (x - self.mean) / self.std
        x = torch.relu(self.fc1(x))
        return self.fc2(x)


def train(device, inputs, labels, test_inputs, steps):
    torch.manual_seed(0)
    net = Net()
    net.to(device)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5, momentum=0.9)
    inputs = inputs.to(device)
    labels = labels.to(device)

    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        loss = criterion(net(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())      # detach, otherwise memory grows
        if step % 100 == 0:
            print('step', step, 'loss', loss.item())

    out = net(test_inputs.to(device))
    return net, losses, out.argmax(1).cpu().numpy()


def add_on(device, a, b):
    a = a.to(device)
    b = b.to(device)
    a += b
    return a.cpu()
