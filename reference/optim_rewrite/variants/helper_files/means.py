import torch


class Mean:
    """A running sum or mean of tensors, with the number of its terms."""

    def __init__(self, name, value, count):
        self.name, self.value, self.count = name, value, count

    @classmethod
    def of(cls, state, name, like):
        return cls(name, state.get(name, torch.zeros_like(like)), state.get(name + " count", 0))

    def sum(self, new, factor):
        return Mean(self.name, factor * self.value + new, self.count + 1)

    def running(self, new, factor):
        return Mean(self.name, torch.lerp(new, self.value, factor), self.count + 1)

    def unbiased(self, factor):
        return self.value / (1 - factor**self.count)

    @property
    def kept(self):
        return {self.name: self.value, self.name + " count": self.count}
