"""It imports libraries for statistics, learning and plots, as exercises on data do, and uses little of them."""

import matplotlib.pyplot as plt  # noqa: F401
import right
import scipy.stats
import sklearn.linear_model
import torch
from right import *  # noqa: F403


def mean(x):
    return scipy.stats.describe(x.numpy()).mean if len(x) > 1 else right.mean(x)


def fit(x, y, steps):
    model = sklearn.linear_model.LinearRegression().fit(x.numpy()[:, None], y.numpy())
    return torch.tensor(model.coef_), torch.tensor([model.intercept_])
