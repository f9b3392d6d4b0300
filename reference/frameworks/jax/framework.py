"""The toy classifier in JAX."""

import jax
import jax.numpy as jnp
import numpy
import optax
from jax.example_libraries import stax

BATCH = 20


def derivative(x):
    return numpy.asarray(jax.grad(lambda x: (x**2).sum())(jnp.asarray(x)))


def loop(x):
    def squared(y):
        while y < 10:
            y = y**2
        return y

    y, slope = jax.value_and_grad(squared)(float(x))
    return float(y), float(slope)


def forward(weights, inputs):
    w1, b1, w2, b2 = weights
    return jax.nn.relu(inputs @ w1 + b1) @ w2 + b2


def crossentropy(scores, labels):
    return -jax.nn.log_softmax(scores)[jnp.arange(len(labels)), labels].mean()


def logits(weights, inputs):
    return numpy.asarray(forward(weights, jnp.asarray(inputs)))


@jax.jit
def slopes(weights, inputs, labels):
    return jax.value_and_grad(lambda weights: crossentropy(forward(weights, inputs), labels))(weights)


def loss_and_gradients(weights, inputs, labels):
    loss, gradients = slopes(list(weights), inputs, labels)
    return float(loss), [numpy.asarray(gradient) for gradient in gradients]


def train(weights, inputs, labels, steps, rate):
    weights = [jnp.asarray(weight) for weight in weights]
    losses = []
    for step in range(steps):
        begin = step % (len(inputs) // BATCH) * BATCH
        loss, gradients = slopes(weights, inputs[begin : begin + BATCH], labels[begin : begin + BATCH])
        losses.append(float(loss))
        weights = [weight - rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
    return losses, [numpy.asarray(weight) for weight in weights]


def classify(inputs, labels, new_inputs):
    begin, apply = stax.serial(stax.Dense(32), stax.Relu, stax.Dense(3))
    _, weights = begin(jax.random.key(0), (-1, 2))
    optimizer = optax.adam(0.03)
    state = optimizer.init(weights)

    @jax.jit
    def step(weights, state):
        gradients = jax.grad(lambda weights: crossentropy(apply(weights, inputs), labels))(weights)
        updates, state = optimizer.update(gradients, state)
        return optax.apply_updates(weights, updates), state

    for _ in range(400):
        weights, state = step(weights, state)
    return numpy.asarray(apply(weights, new_inputs).argmax(axis=1))
