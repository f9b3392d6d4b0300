"""Right, with histograms over distinct values in place of sorted rows, and the ROC area from mean ranks."""

import torch


def confusion_matrix(predicted, labels, num_classes):
    matrix = torch.zeros(num_classes, num_classes, dtype=torch.long)
    ones = torch.ones_like(labels)
    return matrix.index_put_((labels, predicted), ones, accumulate=True)


def precision_recall(predicted, labels, num_classes):
    hits = torch.bincount(labels[predicted == labels], minlength=num_classes).float()
    found = torch.bincount(predicted, minlength=num_classes)
    wanted = torch.bincount(labels, minlength=num_classes)
    return torch.nan_to_num(hits / found, nan=0.0), hits / wanted


def _histograms(scores, positives):
    """Distinct scores, ascending, with the number of positives and of samples at each."""
    values, bins = torch.unique(scores, return_inverse=True)
    return values, torch.bincount(bins[positives], minlength=len(values)), torch.bincount(bins)


def precision_recall_curve(scores, positives):
    values, hits, samples = (histogram.flip(0) for histogram in _histograms(scores, positives))
    return hits.cumsum(0) / samples.cumsum(0), hits.cumsum(0) / hits.sum(), values


def average_precision(scores, positives):
    precision, _, _ = precision_recall_curve(scores, positives)
    _, hits, _ = _histograms(scores, positives)
    return float((precision * hits.flip(0)).sum() / hits.sum())


def roc_auc(scores, positives):
    """The rank-sum statistic of Mann and Whitney, with the mean rank for tied samples."""
    _, hits, samples = _histograms(scores, positives)
    mean_rank = samples.cumsum(0) - (samples - 1) / 2
    n_positive, n_negative = hits.sum(), (samples - hits).sum()
    rank_sum = (mean_rank * hits).sum()
    return float((rank_sum - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def _column_by_column(function, scores, labels):
    return torch.stack([torch.tensor(function(column, labels == c)) for c, column in enumerate(scores.unbind(1))])


def summary(logits, labels):
    count = logits.size(1)
    scores = logits.softmax(1)
    guess = scores.topk(1).indices.squeeze(1)
    out = dict(zip(("precision", "recall"), precision_recall(guess, labels, count), strict=True))
    out["average_precision"] = _column_by_column(average_precision, scores, labels)
    out["roc_auc"] = _column_by_column(roc_auc, scores, labels)
    present = torch.bincount(labels, minlength=count) > 0
    out.update({f"macro_{name}": torch.masked_select(column, present).mean() for name, column in out.items()})
    out["micro_precision"] = out["micro_recall"] = (guess == labels).float().mean()
    one_hot = torch.zeros_like(scores).scatter_(1, labels[:, None], 1.0).bool()
    out["micro_average_precision"] = average_precision(scores.T.reshape(-1), one_hot.T.reshape(-1))
    return out
