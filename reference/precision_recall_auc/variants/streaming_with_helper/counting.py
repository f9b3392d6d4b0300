"""Counts that grow batch by batch; metrics.py divides them at the end."""

import torch


class Counts:
    def __init__(self, num_classes):
        self.matrix = torch.zeros(num_classes, num_classes, dtype=torch.int64)

    def update(self, predicted, labels):
        for guess, truth in zip(predicted, labels, strict=True):
            self.matrix[truth, guess] += 1
        print("the matrix so far:", self.matrix.tolist())
        return self
