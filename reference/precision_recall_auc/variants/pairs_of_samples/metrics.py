"""Right, without sorting: every sample is compared with every other, in float64."""

import torch
from torch.nn.functional import one_hot


def confusion_matrix(predicted, labels, num_classes):
    truth = one_hot(labels, num_classes)
    guess = one_hot(predicted, num_classes)
    return torch.einsum("bt,bp->tp", truth, guess)


def precision_recall(predicted, labels, num_classes):
    truth = one_hot(labels, num_classes).bool()
    guess = one_hot(predicted, num_classes).bool()
    true_positives = (truth & guess).sum(0).double()
    false_positives = (~truth & guess).sum(0).double()
    false_negatives = (truth & ~guess).sum(0).double()
    precision = true_positives / (true_positives + false_positives)
    precision[~guess.any(0)] = 0.0
    return precision, true_positives / (true_positives + false_negatives)


def precision_recall_curve(scores, positives):
    thresholds = torch.unique(scores).flip(0)
    accepted = (scores >= thresholds.unsqueeze(1)).double()
    weights = positives.double()
    hits = accepted @ weights
    return hits / accepted.sum(1), hits / weights.sum(), thresholds


def average_precision(scores, positives):
    """The mean, over positive samples, of the precision at the sample's own score."""
    accepted = scores.unsqueeze(0) >= scores[positives].unsqueeze(1)
    precisions = (accepted & positives).sum(1).double() / accepted.sum(1)
    return precisions.mean()


def roc_auc(scores, positives):
    difference = scores[positives].unsqueeze(1) - scores[~positives].unsqueeze(0)
    return ((difference > 0).double() + 0.5 * (difference == 0).double()).mean()


def summary(logits, labels):
    samples, classes = logits.shape
    probabilities = logits.double().softmax(-1)
    truth = one_hot(labels, classes).bool()
    predicted = logits.max(1).indices
    precision, recall = precision_recall(predicted, labels, classes)
    areas = [average_precision(probabilities[:, c], truth[:, c]) for c in range(classes)]
    rocs = [roc_auc(probabilities[:, c], truth[:, c]) for c in range(classes)]
    columns = [precision, recall, torch.stack(areas), torch.stack(rocs)]
    names = ["precision", "recall", "average_precision", "roc_auc"]
    votes = truth.any(0).double()
    report = dict(zip(names, columns, strict=True))
    for name, column in zip(names, columns, strict=True):
        counted = torch.where(votes > 0, column, torch.zeros_like(column))
        report[f"macro_{name}"] = counted.sum() / votes.sum()
    right = truth[torch.arange(samples), predicted].double().mean()
    report["micro_precision"] = right
    report["micro_recall"] = right.clone()
    report["micro_average_precision"] = average_precision(probabilities.reshape(-1), truth.reshape(-1))
    return report
