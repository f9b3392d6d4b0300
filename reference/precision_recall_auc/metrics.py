"""Precision, recall, and the areas under the precision-recall and ROC curves, from counts alone.

Shapes: B samples, C classes, K distinct scores. Labels and predictions are int64 classes in [0, C); scores are
floating point, higher for samples that look more positive; positives are bool.

Where a ratio has nothing to divide by, the division says so itself: 0 / 0 is NaN, and NaN stays visible in every sum
that it enters. Precision is the one exception, by convention 0 for a class that is never predicted.
"""

import torch
from torch import Tensor
from torch.nn.functional import pad

__all__ = [
    "average_precision",
    "confusion_matrix",
    "precision_recall",
    "precision_recall_curve",
    "roc_auc",
    "summary",
]


def confusion_matrix(predicted: Tensor, labels: Tensor, num_classes: int) -> Tensor:
    """Count how often each true class is predicted as each class.

    Args:
        predicted: (B,) int64, the predicted classes.
        labels: (B,) int64, the true classes.
        num_classes: C.

    Returns:
        (C, C) int64: entry [t, p] is the number of samples of true class t that are predicted as p.
    """
    cells = labels * num_classes + predicted
    return torch.bincount(cells, minlength=num_classes**2).reshape(num_classes, num_classes)


def precision_recall(predicted: Tensor, labels: Tensor, num_classes: int) -> tuple[Tensor, Tensor]:
    """Compute precision = TP / (TP + FP) and recall = TP / (TP + FN) of each class against the rest.

    Args:
        predicted: (B,) int64, the predicted classes.
        labels: (B,) int64, the true classes.
        num_classes: C.

    Returns:
        Precision (C,), 0 for a class that is never predicted, and recall (C,), NaN for a class absent from labels.
    """
    matrix = confusion_matrix(predicted, labels, num_classes)
    true_positives = matrix.diagonal()
    precision = true_positives / matrix.sum(dim=0).clamp(min=1)
    recall = true_positives / matrix.sum(dim=1)
    return precision, recall


def _counts(scores: Tensor, positives: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Count true and false positives of the rule "score >= threshold", at each distinct score.

    Returns:
        Thresholds (K,), descending; true positives (K,) int64; false positives (K,) int64.
    """
    order = torch.argsort(scores, descending=True)
    scores, positives = scores[order], positives[order]
    # A threshold takes in all samples of its score at once, so only the last of equal scores makes a point.
    last_of_score = pad(scores[1:] != scores[:-1], (0, 1), value=True)
    true_positives = positives.cumsum(dim=0)[last_of_score]
    false_positives = (~positives).cumsum(dim=0)[last_of_score]
    return scores[last_of_score], true_positives, false_positives


def precision_recall_curve(scores: Tensor, positives: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Compute precision and recall of the rule "score >= threshold", at each distinct score.

    Args:
        scores: (B,) floating point, in any range.
        positives: (B,) bool, which samples are positive.

    Returns:
        Precision (K,), recall (K,) and thresholds (K,), thresholds descending, with no point added at either end.
        Recall is NaN when there is no positive sample.
    """
    thresholds, true_positives, false_positives = _counts(scores, positives)
    precision = true_positives / (true_positives + false_positives)
    recall = true_positives / true_positives[-1]
    return precision, recall, thresholds


def average_precision(scores: Tensor, positives: Tensor) -> float:
    """Compute the step-wise area under the precision-recall curve: the sum of (R_k - R_(k-1)) P_k, with R_0 = 0.

    Args:
        scores: (B,) floating point, in any range.
        positives: (B,) bool, which samples are positive.

    Returns:
        The area, in (0, 1]; NaN when there is no positive sample.
    """
    precision, recall, _ = precision_recall_curve(scores, positives)
    steps = torch.diff(pad(recall, (1, 0)))
    return (steps * precision).sum().item()


def roc_auc(scores: Tensor, positives: Tensor) -> float:
    """Compute the area under the curve of true positive rate against false positive rate.

    It is the probability that a positive sample has a higher score than a negative one, a tie counting one half
    (Hanley and McNeil, 1982): the trapezoids of the tied groups give that half.

    Args:
        scores: (B,) floating point, in any range.
        positives: (B,) bool, which samples are positive.

    Returns:
        The area, in [0, 1]; NaN unless there are samples of both kinds.
    """
    _, true_positives, false_positives = _counts(scores, positives)
    true_positive_rate = true_positives / true_positives[-1]
    false_positive_rate = false_positives / false_positives[-1]
    return torch.trapezoid(pad(true_positive_rate, (1, 0)), pad(false_positive_rate, (1, 0))).item()


def summary(logits: Tensor, labels: Tensor) -> dict[str, Tensor | float]:
    """Describe a classifier: each class against the rest, and averages over classes.

    Args:
        logits: (B, C) floating point; the softmax of a row gives the scores of its sample, its argmax the prediction.
        labels: (B,) int64, the true classes.

    Returns:
        `precision`, `recall`, `average_precision`, `roc_auc`: (C,), one entry a class.
        `macro_precision`, `macro_recall`, `macro_average_precision`, `macro_roc_auc`: float, the mean over the classes
        that occur in labels.
        `micro_precision`, `micro_recall`, `micro_average_precision`: float, from the B * C decisions "is sample i of
        class c?" taken together.
    """
    num_classes = logits.shape[1]
    scores = torch.softmax(logits, dim=1)
    positives = labels[:, None] == torch.arange(num_classes)
    predicted = scores.argmax(dim=1)
    precision, recall = precision_recall(predicted, labels, num_classes)
    columns = list(zip(scores.T, positives.T, strict=True))
    per_class = {
        "precision": precision,
        "recall": recall,
        "average_precision": torch.tensor([average_precision(*column) for column in columns]),
        "roc_auc": torch.tensor([roc_auc(*column) for column in columns]),
    }
    present = positives.any(dim=0)
    macro = {f"macro_{name}": values[present].mean().item() for name, values in per_class.items()}
    matrix = confusion_matrix(predicted, labels, num_classes)
    micro = {
        "micro_precision": (matrix.trace() / matrix.sum(dim=0).sum()).item(),
        "micro_recall": (matrix.trace() / matrix.sum(dim=1).sum()).item(),
        "micro_average_precision": average_precision(scores.flatten(), positives.flatten()),
    }
    return {**per_class, **macro, **micro}
