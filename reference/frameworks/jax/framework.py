"""The toy classifier in JAX, with the layers that it ships and Optax's optimizers."""

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


def batch_of(step, inputs, labels):
    begin = step % (len(inputs) // BATCH) * BATCH
    return inputs[begin : begin + BATCH], labels[begin : begin + BATCH]


def train(weights, inputs, labels, steps, rate):
    weights = [jnp.asarray(weight) for weight in weights]
    losses = []
    for step in range(steps):
        loss, gradients = slopes(weights, *batch_of(step, inputs, labels))
        losses.append(float(loss))
        weights = [weight - rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
    return losses, [numpy.asarray(weight) for weight in weights]


def layers(hidden):
    return stax.serial(stax.Dense(hidden), stax.Relu, stax.Dense(3))


def held(weights):
    w1, b1, w2, b2 = (jnp.asarray(weight) for weight in weights)
    return [(w1, b1), (), (w2, b2)]


def layer_logits(weights, inputs):
    _, apply = layers(len(weights[1]))
    return numpy.asarray(apply(held(weights), jnp.asarray(inputs)))


def stepper(apply, optimizer):
    @jax.jit
    def step(parameters, state, inputs, labels):
        loss, gradients = jax.value_and_grad(lambda them: crossentropy(apply(them, inputs), labels))(parameters)
        updates, state = optimizer.update(gradients, state)
        return loss, optax.apply_updates(parameters, updates), state

    return step


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    _, apply = layers(len(weights[1]))
    optimizer = optax.sgd(rate, momentum)
    parameters = held(weights)
    state = optimizer.init(parameters)
    take = stepper(apply, optimizer)
    losses = []
    for step in range(steps):
        loss, parameters, state = take(parameters, state, *batch_of(step, inputs, labels))
        losses.append(float(loss))
    (w1, b1), _, (w2, b2) = parameters
    return losses, [numpy.asarray(weight) for weight in (w1, b1, w2, b2)]


def classify(inputs, labels, new_inputs):
    begin, apply = layers(32)
    _, parameters = begin(jax.random.key(0), (-1, 2))
    optimizer = optax.adam(0.03)
    state = optimizer.init(parameters)
    take = stepper(apply, optimizer)
    for _ in range(400):
        _, parameters, state = take(parameters, state, inputs, labels)
    return numpy.asarray(apply(parameters, new_inputs).argmax(axis=1))
