"""Exercise: precision, recall and AUC. Ada."""

import torch


def confusion_matrix(predicted, labels, num_classes):
    matrix = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    for p, t in zip(predicted.tolist(), labels.tolist()):
        matrix[t, p] += 1
    return matrix


def precision_recall(predicted, labels, num_classes):
    matrix = confusion_matrix(predicted, labels, num_classes)
    tp = matrix.diag().float()
    called = matrix.sum(dim=0)
    there = matrix.sum(dim=1)
    # where() because 0/0 would be nan, and a class nobody predicts must get 0
    precision = torch.where(called > 0, tp / called, torch.zeros(num_classes))
    recall = tp / there  # 0/0 = nan is what we want here
    return precision, recall


def counts_at_each_score(scores, positives):
    """Sorted distinct scores (high to low) with cumulated true and false positives."""
    thresholds = torch.unique(scores).flip(0)
    tp = torch.stack([(positives & (scores >= t)).sum() for t in thresholds])
    fp = torch.stack([(~positives & (scores >= t)).sum() for t in thresholds])
    return thresholds, tp, fp


def precision_recall_curve(scores, positives):
    thresholds, tp, fp = counts_at_each_score(scores, positives)
    return tp / (tp + fp), tp / positives.sum(), thresholds


def average_precision(scores, positives):
    precision, recall, _ = precision_recall_curve(scores, positives)
    area = 0.0
    before = 0.0
    for p, r in zip(precision.tolist(), recall.tolist()):
        area += (r - before) * p
        before = r
    return area


def roc_auc(scores, positives):
    pos, neg = scores[positives], scores[~positives]
    if len(pos) == 0 or len(neg) == 0:
        return float("nan")
    wins = (pos[:, None] > neg[None, :]).sum()
    ties = (pos[:, None] == neg[None, :]).sum()
    return ((wins + 0.5 * ties) / (len(pos) * len(neg))).item()


def summary(logits, labels):
    num_classes = logits.shape[1]
    scores = torch.softmax(logits, dim=1)
    predicted = scores.argmax(dim=1)
    result = {}
    result["precision"], result["recall"] = precision_recall(predicted, labels, num_classes)
    ap = [average_precision(scores[:, c], labels == c) for c in range(num_classes)]
    roc = [roc_auc(scores[:, c], labels == c) for c in range(num_classes)]
    result["average_precision"] = torch.tensor(ap)
    result["roc_auc"] = torch.tensor(roc)

    present = torch.unique(labels)
    for name in ["precision", "recall", "average_precision", "roc_auc"]:
        result["macro_" + name] = result[name][present].mean().item()

    accuracy = (predicted == labels).float().mean().item()
    result["micro_precision"] = accuracy
    result["micro_recall"] = accuracy
    onehot = torch.nn.functional.one_hot(labels, num_classes).bool()
    result["micro_average_precision"] = average_precision(scores.flatten(), onehot.flatten())
    return result
