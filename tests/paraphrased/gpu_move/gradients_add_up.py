import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 12)
        self.fc2 = nn.Linear(12, 3)
        self.register_buffer("mu", torch.tensor([0.5, 0.5]))
        self.register_buffer("sigma", torch.tensor([0.29, 0.29]))

    def forward(self, x):
        x = (x - self.mu) / self.sigma
        x = self.fc1(x).clamp(min=0)
        return self.fc2(x)


def train(device, inputs, labels, test_inputs, steps):
    torch.manual_seed(0)
    model = Net()
    model.to(device)
    opt = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    x = inputs.to(device)
    y = labels.to(device)
    history = []
    for epoch in range(steps):
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        opt.step()
        history.append(float(loss))
    model.eval()
    out = model(test_inputs.to(device))
    return model, history, out.argmax(1).cpu().numpy()


def add_on(device, a, b):
    c = torch.add(a.to(device), b.to(device))
    return c.to("cpu")
