"""Public tests: a few small cases to check your work with, `pytest test_public.py`. The hidden ones look further."""

import ast
import math
from pathlib import Path

import metrics
import pytest
import torch

PREDICTED = torch.tensor([0, 1, 1, 2, 2, 2])
LABELS = torch.tensor([0, 0, 1, 2, 2, 1])

# The worked example of the handout: six mails, two of them with the same score.
SCORES = torch.tensor([0.9, 0.8, 0.6, 0.6, 0.3, 0.1])
POSITIVES = torch.tensor([True, False, True, False, True, False])


def numbers(values):
    """Turn a tensor, an array or a list into a list of floats."""
    return torch.as_tensor(values).double().tolist()


def test_rows_of_the_confusion_matrix_are_true_classes():
    matrix = metrics.confusion_matrix(PREDICTED, LABELS, 3)
    assert torch.as_tensor(matrix).tolist() == [[1, 1, 0], [0, 1, 1], [0, 0, 2]]


def test_precision_and_recall_of_three_classes():
    precision, recall = metrics.precision_recall(PREDICTED, LABELS, 3)
    assert numbers(precision) == pytest.approx([1, 1 / 2, 2 / 3])
    assert numbers(recall) == pytest.approx([1 / 2, 1 / 2, 1])


def test_curve_of_the_worked_example():
    precision, recall, thresholds = metrics.precision_recall_curve(SCORES, POSITIVES)
    assert numbers(thresholds) == pytest.approx([0.9, 0.8, 0.6, 0.3, 0.1])
    assert numbers(precision) == pytest.approx([1, 1 / 2, 1 / 2, 3 / 5, 1 / 2])
    assert numbers(recall) == pytest.approx([1 / 3, 1 / 3, 2 / 3, 1, 1])


def test_areas_of_the_worked_example():
    assert float(metrics.average_precision(SCORES, POSITIVES)) == pytest.approx(0.7, abs=1e-5)
    assert float(metrics.roc_auc(SCORES, POSITIVES)) == pytest.approx(5.5 / 9, abs=1e-5)


def test_roc_auc_needs_samples_of_both_kinds():
    assert math.isnan(metrics.roc_auc(SCORES, torch.zeros(6, dtype=torch.bool)))


def test_summary_has_its_eleven_entries():
    logits = torch.tensor([[2.0, 0.0, 1.0], [0.0, 1.0, 0.5], [0.2, 0.1, 3.0], [1.0, 0.8, 0.0]])
    result = metrics.summary(logits, torch.tensor([0, 1, 2, 1]))
    each = {"precision", "recall", "average_precision", "roc_auc"}
    averages = {f"macro_{name}" for name in each} | {"micro_precision", "micro_recall", "micro_average_precision"}
    assert set(result) >= each | averages
    assert all(len(result[name]) == 3 for name in each)
    assert float(result["macro_recall"]) == pytest.approx(5 / 6, abs=1e-5)
    assert float(result["micro_recall"]) == pytest.approx(3 / 4, abs=1e-5)


def test_arguments_are_left_as_they_were():
    scores, positives = SCORES.clone(), POSITIVES.clone()
    metrics.average_precision(scores, positives)
    metrics.roc_auc(scores, positives)
    assert torch.equal(scores, SCORES) and torch.equal(positives, POSITIVES)


def test_the_work_is_your_own_and_not_scikit_learns():
    imported = set()
    for node in ast.walk(ast.parse(Path(metrics.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module.split(".")[0])
    assert "sklearn" not in imported
    assert torch.as_tensor(metrics.confusion_matrix(PREDICTED, LABELS, 3)).sum() == len(LABELS)
