"""Right, in plain Python: dictionaries of counts, exact fractions, lists of floats."""

import math
from collections import Counter
from fractions import Fraction

import torch

NAN = float("nan")


def ratio(part, whole, otherwise):
    return float(Fraction(part, whole)) if whole else otherwise


def confusion_matrix(predicted, labels, num_classes):
    pairs = Counter(zip(labels.tolist(), predicted.tolist(), strict=True))
    return torch.tensor([[pairs[t, p] for p in range(num_classes)] for t in range(num_classes)])


def precision_recall(predicted, labels, num_classes):
    predicted, labels = predicted.tolist(), labels.tolist()
    right = Counter(p for p, t in zip(predicted, labels, strict=True) if p == t)
    found, wanted = Counter(predicted), Counter(labels)
    precision = [ratio(right[c], found[c], 0.0) for c in range(num_classes)]
    recall = [ratio(right[c], wanted[c], NAN) for c in range(num_classes)]
    return precision, recall


def groups(scores, positives):
    """Number of positives and of negatives at each score, highest score first."""
    counts = {}
    for score, positive in zip(scores.tolist(), positives.tolist(), strict=True):
        counts.setdefault(score, [0, 0])[0 if positive else 1] += 1
    return sorted(counts.items(), reverse=True)


def precision_recall_curve(scores, positives):
    total = int(positives.sum())
    hits = accepted = 0
    curve = []
    for score, (group_positives, group_negatives) in groups(scores, positives):
        hits += group_positives
        accepted += group_positives + group_negatives
        curve.append([ratio(hits, accepted, NAN), ratio(hits, total, NAN), score])
    return [list(column) for column in zip(*curve, strict=True)]


def average_precision(scores, positives):
    total = int(positives.sum())
    if total == 0:
        return NAN
    hits = accepted = 0
    area = Fraction(0)
    for _, (group_positives, group_negatives) in groups(scores, positives):
        hits += group_positives
        accepted += group_positives + group_negatives
        area += Fraction(group_positives, total) * Fraction(hits, accepted)
    return float(area)


def roc_auc(scores, positives):
    above = negatives = 0
    won = Fraction(0)
    for _, (group_positives, group_negatives) in groups(scores, positives):
        # Each negative loses to the positives above it, and shares the point with those of its own score.
        won += group_negatives * above + Fraction(group_negatives * group_positives, 2)
        above += group_positives
        negatives += group_negatives
    return float(won / (above * negatives)) if above and negatives else NAN


def softmax(row):
    largest = max(row)
    powers = [math.exp(value - largest) for value in row]
    return [power / sum(powers) for power in powers]


def summary(logits, labels):
    rows = [softmax(row) for row in logits.tolist()]
    classes = len(rows[0])
    predicted = torch.tensor([row.index(max(row)) for row in rows])
    columns = [torch.tensor([row[c] for row in rows], dtype=torch.float64) for c in range(classes)]
    precision, recall = precision_recall(predicted, labels, classes)
    result = {
        "precision": precision,
        "recall": recall,
        "average_precision": [average_precision(columns[c], labels == c) for c in range(classes)],
        "roc_auc": [roc_auc(columns[c], labels == c) for c in range(classes)],
    }
    present = sorted(set(labels.tolist()))
    macro = {f"macro_{name}": math.fsum(values[c] for c in present) / len(present) for name, values in result.items()}
    accuracy = int((predicted == labels).sum()) / len(labels)
    pooled = average_precision(torch.cat(columns), torch.cat([labels == c for c in range(classes)]))
    micro = {"micro_precision": accuracy, "micro_recall": accuracy, "micro_average_precision": pooled}
    return result | macro | micro
