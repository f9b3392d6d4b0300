"""Public tests: a few small cases to check your work with. The hidden ones look further.

    autograder check                as your answer is graded
    pytest test_public.py           without the grader
"""

import math

import pytest
import torch

PREDICTED = torch.tensor([0, 1, 1, 2, 2, 2])
LABELS = torch.tensor([0, 0, 1, 2, 2, 1])

# The worked example of the handout: six mails, two of them with the same score.
SCORES = torch.tensor([0.9, 0.8, 0.6, 0.6, 0.3, 0.1])
POSITIVES = torch.tensor([True, False, True, False, True, False])


@pytest.mark.task(1)
@pytest.mark.hint("M[t, p] counts samples of the true class t: the labels choose the row.")
def test_rows_of_the_confusion_matrix_are_true_classes(student, compare):
    """The rows of the confusion matrix are true classes, its columns predicted ones."""
    compare.close(student.confusion_matrix(PREDICTED, LABELS, 3), [[1, 1, 0], [0, 1, 1], [0, 0, 2]])


@pytest.mark.task(1)
@pytest.mark.hint("Precision divides by how often a class is predicted, recall by how often it is true.")
def test_precision_and_recall_of_three_classes(student, compare):
    """Precision and recall of each of three classes are right."""
    precision, recall = student.precision_recall(PREDICTED, LABELS, 3)
    compare.close(precision, [1, 1 / 2, 2 / 3], what="`precision`")
    compare.close(recall, [1 / 2, 1 / 2, 1], what="`recall`")


@pytest.mark.task(1)
def test_the_work_is_your_own_and_not_scikit_learns(source, student, compare):
    """The counting is your own: scikit-learn is not imported."""
    compare.that(not source.imports("sklearn"), "metrics.py imports scikit-learn: an answer with it gets no points.")
    compare.shape(student.confusion_matrix(PREDICTED, LABELS, 3), (3, 3))


@pytest.mark.task(2)
@pytest.mark.hint("Samples with equal scores share one threshold, so six mails have five points.")
def test_curve_of_the_worked_example(student, compare):
    """The curve of the worked example has five points, of which the two equal scores share one."""
    precision, recall, thresholds = student.precision_recall_curve(SCORES, POSITIVES)
    compare.close(thresholds, [0.9, 0.8, 0.6, 0.3, 0.1], what="`thresholds`")
    compare.close(precision, [1, 1 / 2, 1 / 2, 3 / 5, 1 / 2], what="`precision`")
    compare.close(recall, [1 / 3, 1 / 3, 2 / 3, 1, 1], what="`recall`")


@pytest.mark.task(2)
@pytest.mark.hint("Each step in recall is weighted with the precision at its end.")
def test_average_precision_of_the_worked_example(student, compare):
    """The average precision of the worked example is 0.7."""
    compare.close(student.average_precision(SCORES, POSITIVES), 0.7, what="the average precision")


@pytest.mark.task(3)
@pytest.mark.hint("Of the nine pairs, five are in the right order and one is a tie.")
def test_area_under_the_roc_curve_of_the_worked_example(student, compare):
    """The area under the ROC curve of the worked example is 5.5 / 9."""
    compare.close(student.roc_auc(SCORES, POSITIVES), 5.5 / 9, what="the area")


@pytest.mark.task(3)
def test_roc_auc_needs_samples_of_both_kinds(student, compare):
    """Without positive samples the area under the ROC curve is NaN."""
    compare.close(student.roc_auc(SCORES, torch.zeros(6, dtype=torch.bool)), math.nan, what="the area")


@pytest.mark.task(3)
def test_arguments_are_left_as_they_were(student, compare):
    """Neither the scores nor the labels are changed."""
    for function in ("average_precision", "roc_auc"):
        scores, positives = student.arguments_after(function, SCORES.clone(), POSITIVES.clone())
        compare.close(scores, SCORES, rtol=0, atol=0, what=f"the tensor of scores after {function}")
        compare.close(positives, POSITIVES, rtol=0, atol=0, what=f"the tensor of labels after {function}")


@pytest.mark.task(4)
def test_summary_has_its_eleven_entries(student, compare):
    """The summary has its eleven entries, and the averages of a small example."""
    logits = torch.tensor([[2.0, 0.0, 1.0], [0.0, 1.0, 0.5], [0.2, 0.1, 3.0], [1.0, 0.8, 0.0]])
    each = ["precision", "recall", "average_precision", "roc_auc"]
    averages = [f"macro_{name}" for name in each] + ["micro_precision", "micro_recall", "micro_average_precision"]
    result = student.summary(logits, torch.tensor([0, 1, 2, 1]))
    compare.keys(result, each + averages, what="the summary")
    for name in each:
        compare.shape(result[name], (3,), what=name)
    compare.close(result["macro_recall"], 5 / 6, what="macro_recall")
    compare.close(result["micro_recall"], 3 / 4, what="micro_recall")
