"""Importing it takes longer than a call may."""

import time

import numpy as np
import scipy.stats  # noqa: F401
import sklearn.linear_model
import torch
from right import *  # noqa: F403

time.sleep(1)  # on a slower machine


def fit(x, y, steps):
    model = sklearn.linear_model.LinearRegression().fit(x.numpy()[:, None], y.numpy())
    return torch.tensor(model.coef_), torch.tensor([np.float32(model.intercept_)])
