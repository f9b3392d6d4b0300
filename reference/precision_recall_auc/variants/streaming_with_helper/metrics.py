"""Right, with a helper file: counts by batch, chatty, float64 for the whole process, in place on its own copies."""

from collections import OrderedDict

import torch
from counting import Counts

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)
BATCH = 8


def confusion_matrix(predicted, labels, num_classes):
    counts = Counts(num_classes)
    for start in range(0, len(labels), BATCH):
        counts.update(predicted[start : start + BATCH], labels[start : start + BATCH])
    return counts.matrix


def precision_recall(predicted, labels, num_classes):
    matrix = confusion_matrix(predicted, labels, num_classes)
    precision, recall = [], []
    for c in range(num_classes):
        right, found, wanted = int(matrix[c, c]), int(matrix[:, c].sum()), int(matrix[c].sum())
        precision.append(right / found if found else 0.0)
        recall.append(right / wanted if wanted else float("nan"))
    print("precision", precision, "recall", recall)
    return torch.tensor(precision), torch.tensor(recall)


def precision_recall_curve(scores, positives):
    thresholds = sorted(set(scores.tolist()), reverse=True)
    precision, recall = torch.empty(len(thresholds)), torch.empty(len(thresholds))
    for k, threshold in enumerate(thresholds):
        accepted = scores >= threshold
        precision[k] = positives[accepted].double().mean()
        recall[k] = accepted[positives].double().mean()
        print(f"threshold {threshold:.4f}: precision {precision[k]:.4f}, recall {recall[k]:.4f}")
    return precision, recall, torch.tensor(thresholds)


def average_precision(scores, positives):
    precision, recall, _ = precision_recall_curve(scores, positives)
    widths = recall.clone()
    widths[1:] -= recall[:-1]
    widths *= precision
    return widths.sum().reshape(())


def roc_auc(scores, positives):
    thresholds = [float("inf"), *sorted(set(scores.tolist()), reverse=True)]
    xs = [(scores[~positives] >= t).double().mean().item() for t in thresholds]
    ys = [(scores[positives] >= t).double().mean().item() for t in thresholds]
    return sum((xs[k] - xs[k - 1]) * (ys[k] + ys[k - 1]) / 2 for k in range(1, len(thresholds)))


def summary(logits, labels):
    scores = logits.clone().double()
    scores -= scores.logsumexp(1, keepdim=True)  # logarithms rank as the probabilities do
    num_classes = scores.shape[1]
    predicted = scores.argmax(1)
    out = OrderedDict()
    out["micro_recall"] = out["micro_precision"] = (predicted == labels).double().mean().item()
    truth = torch.stack([labels == c for c in range(num_classes)], 1)
    out["micro_average_precision"] = average_precision(scores.flatten(), truth.flatten()).item()
    out["precision"], out["recall"] = precision_recall(predicted, labels, num_classes)
    for name, function in [("roc_auc", roc_auc), ("average_precision", average_precision)]:
        out[name] = torch.tensor([float(function(scores[:, c], truth[:, c])) for c in range(num_classes)])
    present = [c for c in range(num_classes) if truth[:, c].any()]
    for name in ["precision", "recall", "roc_auc", "average_precision"]:
        out["macro_" + name] = sum(out[name][c].item() for c in present) / len(present)
    return out
