"""Right, with NumPy inside: arrays and NumPy scalars come out."""

import numpy as np


def confusion_matrix(predicted, labels, num_classes):
    matrix = np.zeros((num_classes, num_classes), dtype=np.int64)
    np.add.at(matrix, (labels.numpy(), predicted.numpy()), 1)
    return matrix


def precision_recall(predicted, labels, num_classes):
    matrix = confusion_matrix(predicted, labels, num_classes)
    right, found, wanted = np.diag(matrix), matrix.sum(axis=0), matrix.sum(axis=1)
    precision = np.divide(right, found, out=np.zeros(num_classes), where=found > 0)
    recall = np.divide(right, wanted, out=np.full(num_classes, np.nan), where=wanted > 0)
    return precision, recall


def _sweep(scores, positives):
    scores, positives = np.asarray(scores, dtype=np.float64), np.asarray(positives)
    order = np.lexsort((np.arange(len(scores)), -scores))
    scores, positives = scores[order], positives[order]
    ends = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1)
    true_positives = np.cumsum(positives)[ends]
    return scores[ends], true_positives, ends + 1


def precision_recall_curve(scores, positives):
    thresholds, true_positives, accepted = _sweep(scores, positives)
    with np.errstate(invalid="ignore"):
        return true_positives / accepted, true_positives / true_positives[-1], thresholds


def average_precision(scores, positives):
    precision, recall, _ = precision_recall_curve(scores, positives)
    return np.dot(np.diff(recall, prepend=0.0), precision)


def roc_auc(scores, positives):
    _, true_positives, accepted = _sweep(scores, positives)
    false_positives = accepted - true_positives
    if true_positives[-1] == 0 or false_positives[-1] == 0:
        return np.nan
    heights, widths = np.append(0, true_positives), np.diff(false_positives, prepend=0)
    area = np.sum(widths * (heights[1:] + heights[:-1]) / 2)
    return area / (true_positives[-1] * false_positives[-1])


def summary(logits, labels):
    values, truth = logits.numpy().astype(np.float64), labels.numpy()
    num_classes = values.shape[1]
    exponentials = np.exp(values - values.max(axis=1, keepdims=True))
    scores = exponentials / exponentials.sum(axis=1, keepdims=True)
    one_hot = np.eye(num_classes, dtype=bool)[truth]
    predicted = logits.argmax(dim=1)

    precision, recall = precision_recall(predicted, labels, num_classes)
    report = {
        "precision": precision,
        "recall": recall,
        "average_precision": np.array([average_precision(scores[:, c], one_hot[:, c]) for c in range(num_classes)]),
        "roc_auc": np.array([roc_auc(scores[:, c], one_hot[:, c]) for c in range(num_classes)]),
    }
    seen = np.unique(truth)
    for name in list(report):
        report["macro_" + name] = np.mean(report[name][seen])
    share_right = np.mean(predicted.numpy() == truth)
    report["micro_precision"] = report["micro_recall"] = share_right
    report["micro_average_precision"] = average_precision(scores.ravel(), one_hot.ravel())
    return report
