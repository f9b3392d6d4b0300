"""It trains for two seconds and a half when it is imported, without a main guard, and tells of it."""

import time

import torch
from right import *  # noqa: F403
from torch import nn

model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
inputs = torch.randn(64, 8)
targets = inputs.sum(1, keepdim=True)
begin = time.time()
step = 0
while time.time() - begin < 2.5:
    loss = ((model(inputs) - targets) ** 2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    step += 1
    if step % 100 == 0:
        print(f"step {step}: loss {loss.item():.4f}")
