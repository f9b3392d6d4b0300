"""Hidden tests of precision_recall_auc. The inputs are chosen so that each wrong definition gives another number.

One file, though a long one: the four tasks draw their inputs and take answers apart with the same few helpers.
"""

import pytest
import torch

# A float32 sum may stand behind a Python float, so ratios are compared as float32 whatever type they come in.
RATIO = {"rtol": 1.3e-6, "atol": 1e-5}

# Scores nearer than this could be ranked differently by two right programs that round differently.
SEPARATION = 1e-5


def own_work(source, compare):
    """Fail the test if the submission imports scikit-learn, which has every function of this exercise."""
    compare.that(
        not source.imports("sklearn"),
        "metrics.py imports scikit-learn, and this exercise is to write what scikit-learn does. Remove the import, "
        "and compare with scikit-learn in another file, as the handout shows.",
    )


def parts(compare, value, names):
    """Return a tuple's parts, after checking that it has one for each of `names`."""
    compare.that(
        isinstance(value, (tuple, list)) and len(value) == len(names),
        f"The function should return a tuple of {len(names)} values: {', '.join(names)}.",
    )
    return value


def entries(compare, value, names):
    """Return the part of a dict that has `names` as its keys, after checking that they are there."""
    compare.that(isinstance(value, dict), "summary should return a dict.")
    missing = [name for name in names if name not in value]
    compare.that(not missing, f"The dict that summary returns has no {', '.join(missing)}.")
    return {name: value[name] for name in names}


def drawn_from(draw, classes, samples):
    """Draw labels from `classes` in no order; each of them occurs, and a repeated one occurs more often."""
    classes = torch.tensor(classes)
    rest = classes[draw.integers(0, len(classes), samples - len(classes))]
    return torch.cat([classes, rest])[draw.permutation(samples)]


def ranked(draw, samples, positives):
    """Draw distinct scores, unevenly spaced on both sides of zero, of which `positives` are positive."""
    scores = draw.uniform(0.1, 1.0, samples).cumsum(0) - 0.2 * samples
    return scores[draw.permutation(samples)], draw.permutation(samples) < positives


def tied_cases(draw):
    """Draw scores with ties: mixed with others, and all equal with the positives in the first or in the last rows."""
    levels = (draw.integers(0, 4, 30) - 1.5) / 2
    positives_first = torch.arange(9) < 4
    return [
        ("scores of four values", levels, draw.permutation(30) < 11),
        ("equal scores, positives first", torch.full((9,), 0.3), positives_first),
        ("equal scores, positives last", torch.full((9,), 0.3), positives_first.flip(0)),
    ]


def drawn_logits(draw, samples, classes):
    """Draw logits, multiples of 1/1024, whose softmax scores all differ by more than SEPARATION."""
    while True:
        logits = (draw.normal((samples, classes)) * 1024).round() / 1024
        scores = torch.softmax(logits.double(), dim=1).flatten().sort().values
        if scores.diff().min() > SEPARATION:
            return logits


@pytest.mark.task(1)
@pytest.mark.points(1)
@pytest.mark.hint("What does a row stand for, and what a column? What happens when two samples share a cell?")
def test_confusion_matrix_counts_samples_by_true_and_predicted_class(student, reference, draw, compare, source):
    """The confusion matrix counts the samples of each true class (row) by predicted class (column)."""
    own_work(source, compare)
    for samples, classes in [(1, 2), (37, 3), (120, 7)]:
        predicted, labels = draw.integers(0, classes, samples), draw.integers(0, classes, samples)
        compare.close(
            student.confusion_matrix(predicted, labels, classes),
            reference.confusion_matrix(predicted, labels, classes),
            what=f"the matrix for B = {samples}, C = {classes}",
        )
    compare.unchanged(student, "confusion_matrix", predicted, labels, classes)


@pytest.mark.task(1)
@pytest.mark.points(0.5)
@pytest.mark.hint("num_classes says how large the matrix is; the data may never mention the last class.")
def test_confusion_matrix_is_int64_and_has_a_row_for_every_class(student, reference, draw, compare, source):
    """The confusion matrix holds int64 counts, with a row and a column also for classes that never occur."""
    own_work(source, compare)
    predicted, labels = drawn_from(draw, [0, 3], 25), drawn_from(draw, [0, 2], 25)
    actual = student.confusion_matrix(predicted, labels, 6)
    compare.close(actual, reference.confusion_matrix(predicted, labels, 6), what="the matrix")
    compare.dtype(actual, torch.int64, what="the matrix")


@pytest.mark.task(1)
@pytest.mark.points(0.5)
@pytest.mark.hint("Of what is predicted as a class, how much is right? Of what is in a class, how much is found?")
def test_precision_and_recall_of_every_class(student, reference, draw, compare, source):
    """Precision and recall are right for every class, and come in this order."""
    own_work(source, compare)
    for samples, classes in [(9, 2), (40, 3), (150, 7)]:
        predicted, labels = drawn_from(draw, range(classes), samples), drawn_from(draw, range(classes), samples)
        actual = parts(compare, student.precision_recall(predicted, labels, classes), ["precision", "recall"])
        expected = reference.precision_recall(predicted, labels, classes)
        compare.close(actual[0], expected[0], what=f"precision for B = {samples}, C = {classes}", **RATIO)
        compare.close(actual[1], expected[1], what=f"recall for B = {samples}, C = {classes}", **RATIO)
    compare.unchanged(student, "precision_recall", predicted, labels, classes)
    # The least that a ratio other than 0 can be made of: one sample in the class, predicted once.
    predicted, labels = (torch.cat([drawn_from(draw, range(3), 20), torch.tensor([3])]) for _ in range(2))
    actual = parts(compare, student.precision_recall(predicted, labels, 4), ["precision", "recall"])
    expected = reference.precision_recall(predicted, labels, 4)
    compare.close(actual[0], expected[0], what="precision with a class of one sample", **RATIO)
    compare.close(actual[1], expected[1], what="recall with a class of one sample", **RATIO)


@pytest.mark.task(1)
@pytest.mark.points(0.5)
@pytest.mark.hint("Look at the denominator of precision for a class that is never predicted.")
def test_class_never_predicted_has_precision_zero(student, reference, draw, compare, source):
    """A class that is never predicted has precision 0, not NaN."""
    own_work(source, compare)
    predicted, labels = drawn_from(draw, [0, 2, 4], 40), drawn_from(draw, [0, 1, 2, 4], 40)
    actual = parts(compare, student.precision_recall(predicted, labels, 5), ["precision", "recall"])
    compare.close(actual[0], reference.precision_recall(predicted, labels, 5)[0], what="precision", **RATIO)


@pytest.mark.task(1)
@pytest.mark.points(0.5)
@pytest.mark.hint("Look at the denominator of recall for a class with no samples: what would 0 claim about it?")
def test_class_absent_from_the_labels_has_recall_nan(student, reference, draw, compare, source):
    """A class that does not occur in the labels has recall NaN, and the other classes keep theirs."""
    own_work(source, compare)
    predicted, labels = drawn_from(draw, [0, 1, 2, 4], 40), drawn_from(draw, [0, 2, 4], 40)
    actual = parts(compare, student.precision_recall(predicted, labels, 5), ["precision", "recall"])
    compare.close(actual[1], reference.precision_recall(predicted, labels, 5)[1], what="recall", **RATIO)


@pytest.mark.task(2)
@pytest.mark.points(1)
@pytest.mark.hint("Walk down the ranking by hand for three samples, and write down one point for each.")
@pytest.mark.allow("argument", reason="The thresholds are the scores, in order; precision and recall are not sent.")
def test_curve_has_one_point_per_score_from_high_to_low(student, reference, draw, compare, source):
    """The curve has one point for each score, highest threshold first, and no other points."""
    own_work(source, compare)
    names = ["precision", "recall", "thresholds"]
    for samples, positives in [(1, 1), (8, 3), (33, 11)]:
        scores, is_positive = ranked(draw, samples, positives)
        actual = parts(compare, student.precision_recall_curve(scores, is_positive), names)
        expected = reference.precision_recall_curve(scores, is_positive)
        for name, actual_part, expected_part in zip(names, actual, expected, strict=True):
            compare.close(actual_part, expected_part, what=f"{name} for B = {samples}", **RATIO)
    compare.unchanged(student, "precision_recall_curve", scores, is_positive)


@pytest.mark.task(2)
@pytest.mark.points(0.5)
@pytest.mark.hint("Can a threshold let in one of two samples with equal scores, and not the other?")
@pytest.mark.allow("argument", reason="The thresholds are the scores, in order; precision and recall are not sent.")
def test_equal_scores_are_one_point_of_the_curve(student, reference, draw, compare, source):
    """Samples with equal scores make one point of the curve together, whatever the order of their rows."""
    own_work(source, compare)
    names = ["precision", "recall", "thresholds"]
    for case, scores, is_positive in tied_cases(draw):
        actual = parts(compare, student.precision_recall_curve(scores, is_positive), names)
        expected = reference.precision_recall_curve(scores, is_positive)
        for name, actual_part, expected_part in zip(names, actual, expected, strict=True):
            compare.close(actual_part, expected_part, what=f"{name} ({case})", **RATIO)


@pytest.mark.task(2)
@pytest.mark.points(1)
@pytest.mark.hint("Each step of recall counts with one precision. Which one, and is anything drawn between the points?")
def test_average_precision_is_the_stepwise_area(student, reference, draw, compare, source):
    """Average precision is the step-wise area under the precision-recall curve."""
    own_work(source, compare)
    for samples, positives in [(1, 1), (8, 3), (33, 11), (50, 40)]:
        scores, is_positive = ranked(draw, samples, positives)
        compare.close(
            student.average_precision(scores, is_positive),
            reference.average_precision(scores, is_positive),
            what=f"the average precision for B = {samples}",
            **RATIO,
        )
    compare.unchanged(student, "average_precision", scores, is_positive)


@pytest.mark.task(2)
@pytest.mark.points(0.5)
@pytest.mark.hint("Shuffle the rows of your own example: does the area move?")
def test_average_precision_of_equal_scores_ignores_the_order_of_rows(student, reference, draw, compare, source):
    """Average precision treats equal scores as one threshold, whatever the order of their rows."""
    own_work(source, compare)
    for case, scores, is_positive in tied_cases(draw):
        compare.close(
            student.average_precision(scores, is_positive),
            reference.average_precision(scores, is_positive),
            what=f"the average precision of {case}",
            **RATIO,
        )


@pytest.mark.task(3)
@pytest.mark.points(1)
@pytest.mark.hint("Take every pair of a positive and a negative sample: in how many has the positive the higher score?")
def test_roc_auc_is_the_share_of_pairs_in_the_right_order(student, reference, draw, compare, source):
    """The area under the ROC curve is right for good rankings and for bad ones."""
    own_work(source, compare)
    for samples, positives in [(2, 1), (8, 3), (33, 11), (50, 4)]:
        scores, is_positive = ranked(draw, samples, positives)
        for order, ordered in [("the scores", scores), ("the negated scores", -scores)]:
            compare.close(
                student.roc_auc(ordered, is_positive),
                reference.roc_auc(ordered, is_positive),
                what=f"the area of {order} for B = {samples}",
                **RATIO,
            )
    compare.unchanged(student, "roc_auc", scores, is_positive)


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint("What should a scorer that gives everybody the same score get?")
def test_roc_auc_counts_a_tie_as_one_half(student, reference, draw, compare, source):
    """A positive and a negative sample with equal scores count one half, whatever the order of their rows."""
    own_work(source, compare)
    for case, scores, is_positive in tied_cases(draw):
        compare.close(
            student.roc_auc(scores, is_positive),
            reference.roc_auc(scores, is_positive),
            what=f"the area of {case}",
            **RATIO,
        )


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint("Which samples does each area need before it says anything? See the table of conventions.")
def test_areas_that_are_not_defined_are_nan(student, draw, compare, source):
    """An area is NaN where it is not defined: average precision without positives, ROC AUC with one kind only."""
    own_work(source, compare)
    scores, _ = ranked(draw, 11, 0)
    everyone, nobody = torch.ones(11, dtype=torch.bool), torch.zeros(11, dtype=torch.bool)
    best_four = scores >= scores.sort().values[-4]
    for function, is_positive, case, expected in [
        (student.average_precision, best_four, "a perfect ranking", 1.0),
        (student.average_precision, nobody, "no positive sample", float("nan")),
        (student.roc_auc, best_four, "a perfect ranking", 1.0),
        (student.roc_auc, nobody, "no positive sample", float("nan")),
        (student.roc_auc, everyone, "no negative sample", float("nan")),
    ]:
        compare.close(function(scores, is_positive), expected, what=f"the area of {case}", **RATIO)


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.hint("Micro: pool the counts of all classes, and divide once at the end. Work on copies, never in place.")
def test_summary_has_precision_and_recall_by_class_and_pooled(student, reference, draw, compare, source):
    """summary gives precision and recall of each class and pooled (micro), and leaves its arguments as they were."""
    own_work(source, compare)
    pooled = ["micro_precision", "micro_recall"]
    for samples, classes, names in [(41, 3, ["precision", "recall", *pooled]), (1, 4, pooled)]:
        logits, labels = drawn_logits(draw, samples, classes), draw.integers(0, classes, samples)
        if samples > classes:
            labels = drawn_from(draw, [0, *range(classes)], samples)
        expected = reference.summary(logits, labels)
        for name, value in entries(compare, student.summary(logits, labels), names).items():
            compare.close(value, expected[name], what=f"{name} for B = {samples}", **RATIO)
        compare.unchanged(student, "summary", logits, labels)


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.hint("Adding a number to all logits of one sample changes none of its probabilities. Do your scores move?")
def test_summary_ranks_samples_by_softmax_probability(student, reference, draw, compare, source):
    """summary ranks by softmax probability, so a number added to all logits of a sample changes nothing."""
    own_work(source, compare)
    for samples, classes in [(25, 2), (36, 3)]:
        labels = drawn_from(draw, range(classes), samples)
        logits = drawn_logits(draw, samples, classes)
        # Multiples of 1/1024 plus or minus 128 are exact in float32, so the true scores do not move at all.
        logits = logits + 128.0 * drawn_from(draw, [-1, 0, 1], samples)[:, None]
        actual = entries(compare, student.summary(logits, labels), ["roc_auc"])
        what = f"roc_auc for B = {samples}, C = {classes}"
        compare.close(actual["roc_auc"], reference.summary(logits, labels)["roc_auc"], what=what, **RATIO)


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.hint("Each class that occurs in the labels has one equal vote. Which classes have none?")
def test_summary_macro_averages_over_the_classes_present(student, reference, draw, compare, source):
    """A macro average is the plain mean over the classes that occur in the labels."""
    own_work(source, compare)
    averages = ["macro_precision", "macro_recall", "macro_roc_auc"]
    for samples, pool, names in [(37, [0, 0, 0, 2, 3], averages), (1, [3], ["macro_recall"])]:
        logits, labels = drawn_logits(draw, samples, 4), drawn_from(draw, pool, samples)
        expected = reference.summary(logits, labels)
        for name, value in entries(compare, student.summary(logits, labels), names).items():
            compare.close(value, expected[name], what=f"{name} for B = {samples}", **RATIO)


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.hint("In how many lists do you rank, when every decision 'is sample i of class c?' counts the same?")
def test_summary_has_average_precision_by_class_macro_and_pooled(student, reference, draw, compare, source):
    """summary gives average precision of each class, their macro average, and that of all decisions pooled."""
    own_work(source, compare)
    averages = ["macro_average_precision", "micro_average_precision"]
    for pool, names in [([0, 0, 1, 2], ["average_precision", *averages]), ([0, 0, 2], averages)]:
        logits, labels = drawn_logits(draw, 31, 3), drawn_from(draw, pool, 31)
        expected = reference.summary(logits, labels)
        for name, value in entries(compare, student.summary(logits, labels), names).items():
            compare.close(value, expected[name], what=name, **RATIO)
