"""Precision, recall and AUC: your answer. The handout has every definition and every convention.

Shapes: B samples, C classes, K distinct scores. No function changes the tensors that it is given.
"""

from torch import Tensor


def confusion_matrix(predicted: Tensor, labels: Tensor, num_classes: int) -> Tensor:
    """Count the samples of each true class by predicted class.

    predicted (B,) int64, labels (B,) int64, num_classes C → (C, C) int64

    M[t, p] = number of samples i with labels[i] = t and predicted[i] = p
    """
    raise NotImplementedError("Task 1.1")


def precision_recall(predicted: Tensor, labels: Tensor, num_classes: int) -> tuple[Tensor, Tensor]:
    """Compute the precision and the recall of each class against the rest.

    predicted (B,) int64, labels (B,) int64, num_classes C → precision (C,), recall (C,)

    precision = TP / (TP + FP), and 0 for a class that is never predicted
    recall = TP / (TP + FN), and NaN for a class that does not occur in labels
    """
    raise NotImplementedError("Task 1.2")


def precision_recall_curve(scores: Tensor, positives: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Compute precision and recall of the rule "score ≥ threshold", one point for each distinct score.

    scores (B,) float32, positives (B,) bool → precision (K,), recall (K,), thresholds (K,)

    thresholds descend; no point is added at either end; recall is NaN where there are no positives
    """
    raise NotImplementedError("Task 2.1")


def average_precision(scores: Tensor, positives: Tensor) -> float:
    """Compute the step-wise area under the precision-recall curve.

    scores (B,) float32, positives (B,) bool → number

    AP = sum over k of (R[k] − R[k−1]) · P[k], with R before the first point = 0; NaN where there are no positives
    """
    raise NotImplementedError("Task 2.2")


def roc_auc(scores: Tensor, positives: Tensor) -> float:
    """Compute the area under the ROC curve.

    scores (B,) float32, positives (B,) bool → number

    share of the pairs (positive, negative) in which the positive has the higher score, a tie counting one half;
    NaN where one of the two kinds is missing
    """
    raise NotImplementedError("Task 3.1")


def summary(logits: Tensor, labels: Tensor) -> dict[str, Tensor | float]:
    """Describe a classifier of C classes: each class against the rest, macro averages, micro averages.

    logits (B, C) float32, labels (B,) int64 → dict with eleven keys:

    precision, recall, average_precision, roc_auc: (C,), each class against the rest, ranked by softmax probability
    macro_precision, macro_recall, macro_average_precision, macro_roc_auc: mean over the classes that occur in labels
    micro_precision, micro_recall, micro_average_precision: from all B · C decisions pooled
    """
    raise NotImplementedError("Task 4.1")
