"""The toy classifier in a framework of your choice. Import it here: jax, tensorflow, keras, mxnet or cntk.

Functions take and return NumPy arrays. Weights are a list [W1 (2, H), b1 (H,), W2 (H, 3), b2 (3,)], N is the number of
samples. The handout states every convention.
"""

import numpy


def derivative(x: numpy.ndarray) -> numpy.ndarray:
    """Return the derivative of x² at each element of x, an array of any shape."""
    raise NotImplementedError("Task 1.1")


def loop(x: float):
    """Square x until it is at least 10, and return the result y and dy/dx. From 2: 16 and 32."""
    raise NotImplementedError("Task 1.2")


def logits(weights: list, inputs: numpy.ndarray) -> numpy.ndarray:
    """Return the logits relu(x·W₁ + b₁)·W₂ + b₂, of shape (N, 3), of inputs (N, 2)."""
    raise NotImplementedError("Task 2.1")


def loss_and_gradients(weights: list, inputs: numpy.ndarray, labels: numpy.ndarray):
    """Return the mean cross-entropy of the logits, a number, and a list of its gradients for the four weights."""
    raise NotImplementedError("Task 2.2")


def train(weights: list, inputs: numpy.ndarray, labels: numpy.ndarray, steps: int, rate: float):
    """Train by gradient descent, with batches of 20 samples in order.

    Returns:
        the list of losses, each of its batch before the update, and the list of weights after the last step.
    """
    raise NotImplementedError("Task 2.3")


def layer_logits(weights: list, inputs: numpy.ndarray) -> numpy.ndarray:
    """Return the logits (N, 3) of inputs (N, 2), by layers of the framework's own that hold the weights."""
    raise NotImplementedError("Task 3.1")


def optimizer_train(
    weights: list, inputs: numpy.ndarray, labels: numpy.ndarray, steps: int, rate: float, momentum: float
):
    """Train as `train` does, with layers that hold the weights and the framework's optimizer with momentum.

    Returns:
        the list of losses, each of its batch before the update, and the list of weights after the last step.
    """
    raise NotImplementedError("Task 3.2")


def classify(inputs: numpy.ndarray, labels: numpy.ndarray, new_inputs: numpy.ndarray) -> numpy.ndarray:
    """Train a network of the framework's own layers with its own optimizer, and return the classes of new inputs."""
    raise NotImplementedError("Task 4.1")
