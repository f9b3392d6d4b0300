"""Figures: of the data when it is imported, and of the losses in `fit`; shown, saved and left open."""

import matplotlib.pyplot as plt
import numpy as np
import right
from right import *  # noqa: F403

plt.style.use("ggplot")
plt.plot(np.linspace(0, 1, 10))
plt.title("data – größer")
plt.show()


def fit(x, y, steps):
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.scatter(x.numpy(), y.numpy(), label="points")
    axes.legend()
    axes.set_xlabel(r"$x_i$")
    figure.savefig("fit.png")
    plt.show()
    return right.fit(x, y, steps)
