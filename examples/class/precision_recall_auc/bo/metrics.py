import numpy as np
import torch


# Task 1
def confusion_matrix(predicted, labels, num_classes):
    cm = np.zeros((num_classes, num_classes), dtype=np.int64)
    for i in range(len(labels)):
        cm[labels[i], predicted[i]] += 1
    return cm


def precision_recall(predicted, labels, num_classes):
    cm = confusion_matrix(predicted, labels, num_classes)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.diag(cm) / cm.sum(axis=0)
        recall = np.diag(cm) / cm.sum(axis=1)
    return precision, recall


# Task 2
def precision_recall_curve(scores, positives):
    scores = scores.numpy()
    positives = positives.numpy()
    order = np.argsort(-scores)
    tp = np.cumsum(positives[order])
    with np.errstate(invalid="ignore"):
        recall = tp / positives.sum()
    precision = tp / np.arange(1, len(scores) + 1)
    return precision, recall, scores[order]


def average_precision(scores, positives):
    # area under the curve = trapezoids
    precision, recall, _ = precision_recall_curve(scores, positives)
    precision = np.concatenate([[1.0], precision])
    recall = np.concatenate([[0.0], recall])
    return float(np.sum(np.diff(recall) * (precision[1:] + precision[:-1]) / 2))


# Task 3
def roc_auc(scores, positives):
    pos = scores[positives]
    neg = scores[~positives]
    if len(pos) == 0 or len(neg) == 0:
        return np.nan
    return float((pos[:, None] > neg[None, :]).float().mean())


# Task 4
def summary(logits, labels):
    C = logits.shape[1]
    probs = torch.softmax(logits, dim=1)
    pred = probs.argmax(dim=1)
    precision, recall = precision_recall(pred, labels, C)
    ap = np.array([average_precision(probs[:, c], labels == c) for c in range(C)])
    roc = np.array([roc_auc(probs[:, c], labels == c) for c in range(C)])
    acc = float((pred == labels).float().mean())
    onehot = torch.eye(C)[labels].bool()
    return {
        "precision": precision,
        "recall": recall,
        "average_precision": ap,
        "roc_auc": roc,
        "macro_precision": np.mean(precision),
        "macro_recall": np.mean(recall),
        "macro_average_precision": np.mean(ap),
        "macro_roc_auc": np.mean(roc),
        "micro_precision": acc,
        "micro_recall": acc,
        "micro_average_precision": average_precision(probs.flatten(), onehot.flatten()),
    }
