# Emil

from collections import namedtuple

import torch

Curve = namedtuple("Curve", "precision recall thresholds")


def confusion_matrix(predicted, labels, num_classes):
    onehot_true = torch.nn.functional.one_hot(labels, num_classes)
    onehot_pred = torch.nn.functional.one_hot(predicted, num_classes)
    return onehot_true.T @ onehot_pred


def precision_recall(predicted, labels, num_classes):
    m = confusion_matrix(predicted, labels, num_classes)
    precision = m.diagonal() / m.sum(0)
    precision[m.sum(0) == 0] = 0
    return precision, m.diagonal() / m.sum(1)


def precision_recall_curve(scores, positives):
    values, where = scores.unique(return_inverse=True)
    hits = torch.zeros(len(values)).index_add_(0, where, positives.float()).flip(0).cumsum(0)
    total = torch.bincount(where).flip(0).cumsum(0)
    return Curve(hits / total, hits / positives.sum(), values.flip(0))


def average_precision(scores, positives):
    curve = precision_recall_curve(scores, positives)
    previous = torch.cat([torch.zeros(1), curve.recall[:-1]])
    return float(((curve.recall - previous) * curve.precision).sum())


def roc_auc(scores, positives):
    """Walk down the ranking, one group of equal scores at a time."""
    n_pos = int(positives.sum())
    n_neg = len(positives) - n_pos
    if n_pos == 0 or n_neg == 0:
        return float("nan")
    order = scores.argsort(descending=True)
    scores, positives = scores[order].tolist(), positives[order].tolist()
    area = 0.0
    tp = 0
    i = 0
    while i < len(scores):
        if i + 1 < len(scores) and scores[i] == scores[i + 1]:
            # a tie: count the whole group
            group = [k for k in range(len(scores)) if scores[k] == scores[i]]
            group_pos = sum(positives[k] for k in group)
            area += (len(group) - group_pos) * (tp + group_pos / 2)
            tp += group_pos
            continue
        if positives[i]:
            tp += 1
        else:
            area += tp
        i += 1
    return area / (n_pos * n_neg)


def summary(logits, labels):
    num_classes = logits.shape[1]
    probabilities = logits.softmax(dim=1)
    predicted = probabilities.argmax(dim=1)
    truth = torch.nn.functional.one_hot(labels, num_classes).bool()
    out = {}
    out["precision"], out["recall"] = precision_recall(predicted, labels, num_classes)
    columns = list(zip(probabilities.T, truth.T))
    out["average_precision"] = torch.tensor([average_precision(s, p) for s, p in columns])
    out["roc_auc"] = torch.tensor([roc_auc(s, p) for s, p in columns])
    present = truth.any(dim=0)
    for name in list(out):
        out[f"macro_{name}"] = out[name][present].mean()
    out["micro_precision"] = out["micro_recall"] = (predicted == labels).float().mean()
    out["micro_average_precision"] = average_precision(probabilities.reshape(-1), truth.reshape(-1))
    return out
