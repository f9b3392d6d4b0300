import numpy as np
import torch


def confusion_matrix(predicted, labels, num_classes):
    cm = torch.zeros(num_classes, num_classes, dtype=torch.int64)
    for t, p in zip(labels.tolist(), predicted.tolist()):
        cm[p, t] += 1
    return cm


def precision_recall(predicted, labels, num_classes):
    precision, recall = [], []
    for c in range(num_classes):
        tp = ((predicted == c) & (labels == c)).sum().item()
        fp = ((predicted == c) & (labels != c)).sum().item()
        fn = ((predicted != c) & (labels == c)).sum().item()
        precision.append(tp / (tp + fp) if tp + fp else 0.0)
        recall.append(tp / (tp + fn) if tp + fn else float("nan"))
    return torch.tensor(precision), torch.tensor(recall)


def precision_recall_curve(scores, positives):
    s, y = scores.numpy(), positives.numpy()
    precision, recall, thresholds = [], [], []
    for t in sorted(set(s.tolist()), reverse=True):
        chosen = s >= t
        tp = (chosen & y).sum()
        precision.append(tp / chosen.sum())
        recall.append(tp / y.sum() if y.any() else np.nan)
        thresholds.append(t)
    return np.array(precision), np.array(recall), np.array(thresholds)


def average_precision(scores, positives):
    precision, recall, _ = precision_recall_curve(scores, positives)
    area, before = 0.0, 0.0
    for p, r in zip(precision, recall):
        area += (r - before) * p
        before = r
    return float(area)


def roc_auc(scores, positives):
    pos, neg = scores[positives], scores[~positives]
    if len(pos) == 0 or len(neg) == 0:
        return float("nan")
    wins = (pos[:, None] > neg[None]).sum() + 0.5 * (pos[:, None] == neg[None]).sum()
    return float(wins) / (len(pos) * len(neg))


def summary(logits, labels):
    n = logits.shape[1]
    probs = torch.softmax(logits, dim=1)
    pred = probs.argmax(dim=1)
    precision, recall = precision_recall(pred, labels, n)
    truth = torch.stack([labels == c for c in range(n)], dim=1)
    ap = torch.tensor([average_precision(probs[:, c], truth[:, c]) for c in range(n)])
    roc = torch.tensor([roc_auc(probs[:, c], truth[:, c]) for c in range(n)])
    there = truth.any(dim=0)
    out = {"precision": precision, "recall": recall, "average_precision": ap, "roc_auc": roc}
    for name in list(out):
        out["macro_" + name] = float(out[name][there].mean())
    acc = float((pred == labels).double().mean())
    out["micro_precision"] = acc
    out["micro_recall"] = acc
    out["micro_average_precision"] = average_precision(probs.reshape(-1), truth.reshape(-1))
    return out
