import torch


def softmax(logits):
    return torch.exp(log_probabilities(logits))


def crossentropy(logits, labels):
    return -torch.mean(torch.take_along_dim(log_probabilities(logits), labels[:, None], 1))


def log_probabilities(logits):
    z = logits - torch.max(logits, 1, True)[0]
    return z - torch.log(torch.sum(torch.exp(z), 1, True))
