"""Right, without autograd: NumPy in double precision, and the gradient derived by hand."""

import numpy as np


def forward(x, theta1, bias1, theta2, bias2):
    x, theta1, bias1, theta2, bias2 = (np.asarray(a, dtype=np.float64) for a in (x, theta1, bias1, theta2, bias2))
    return np.maximum(theta1.dot(x) + bias1, 0).dot(theta2.T) + bias2


def cost(z):
    return float(np.sum(np.asarray(z, dtype=np.float64)) ** 2)


def learning_rate(step):
    rate = 0.001
    for _ in range(600, step + 1, 100):
        rate /= 10
    return rate


def train(theta1, bias1, theta2, bias2, inputs, rates, weight_decay=0.0):
    parameters = [np.array(p, dtype=np.float64) for p in (theta1, bias1, theta2, bias2)]
    inputs, rates = np.asarray(inputs, dtype=np.float64), np.asarray(rates, dtype=np.float64)
    costs, norms, residual = [], [norms_of(parameters)], [residual_of(parameters)]
    for x, rate in zip(inputs, rates, strict=True):
        costs.append(cost(forward(x, *parameters)))
        gradients = gradients_of(x, *parameters)
        parameters = [p - rate * g - rate * weight_decay * p for p, g in zip(parameters, gradients, strict=True)]
        norms.append(norms_of(parameters))
        residual.append(residual_of(parameters))
    return {"residual": residual, "norms": np.array(norms), "costs": np.array(costs), "parameters": tuple(parameters)}


def gradients_of(x, theta1, bias1, theta2, bias2):
    """The chain rule: d cost / d z_i is 2 sum(z) for every i, and the columns of theta2 carry it back."""
    before = theta1 @ x + bias1
    hidden = before.clip(min=0)
    outer = 2 * np.full(len(bias2), (theta2 @ hidden + bias2).sum())
    inner = (theta2.T @ outer) * (before > 0)
    return np.outer(inner, x), inner, np.outer(outer, hidden), outer


def norms_of(parameters):
    return [np.linalg.norm(p) for p in parameters]


def residual_of(parameters):
    seen = np.append(parameters[2].sum(axis=0), parameters[3].sum())
    return float(np.sqrt(seen @ seen))


def converged_to_zero(norms, fraction):
    norms = np.asarray(norms)
    return (norms[-1] < fraction * norms[0]).tolist()
