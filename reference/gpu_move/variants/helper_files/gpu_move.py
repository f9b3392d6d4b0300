"""Right, spread over a small package, with a class that trains."""

from parts.network import Net
from parts.trainer import Trainer

__all__ = ["Net", "add_on", "train"]


def train(device, inputs, labels, test_inputs, steps):
    trainer = Trainer(device, inputs, labels)
    for _ in range(steps):
        trainer.step()
    return trainer.net, trainer.losses, trainer.predict(test_inputs)


def add_on(device, a, b):
    return Trainer.home(Trainer.send(device, a) + Trainer.send(device, b))


if __name__ == "__main__":
    import torch

    device = input("device: ")
    print(add_on(device, torch.ones(2), torch.ones(2)))
