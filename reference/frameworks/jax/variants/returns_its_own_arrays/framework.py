"""As one writes it who knows NumPy, and then JAX: vmap, vjp, and arrays of JAX's all the way."""

from functools import partial

import jax
import optax
from jax import numpy as np
from jax.example_libraries import stax


def derivative(x):
    return jax.vmap(jax.grad(np.square))(np.ravel(x)).reshape(np.shape(x))


def loop(x):
    factors = []
    y = np.float32(x)
    while y < 10.0:
        y, back = jax.vjp(np.square, y)
        factors.append(back(np.float32(1.0))[0])
    return y, np.prod(np.array(factors))


def logits(weights, inputs):
    (w1, b1, w2, b2), x = weights, np.asarray(inputs)
    return np.dot(np.maximum(np.dot(x, w1) + b1, 0.0), w2) + b2


def loss_of(z, labels):
    return np.mean(optax.softmax_cross_entropy_with_integer_labels(z, np.asarray(labels)))


def loss_and_gradients(weights, inputs, labels):
    return jax.value_and_grad(lambda them: loss_of(logits(them, inputs), labels))(tuple(weights))


def batches(inputs, labels, steps):
    whole = len(inputs) // 20
    for step in range(steps):
        chosen = np.arange(20) + 20 * (step % whole)
        yield inputs[chosen], labels[chosen]


def train(weights, inputs, labels, steps, rate):
    weights, losses = tuple(map(np.asarray, weights)), []
    for x, y in batches(inputs, labels, steps):
        loss, gradients = loss_and_gradients(weights, x, y)
        losses += [loss]
        weights = jax.tree.map(lambda weight, gradient: weight - rate * gradient, weights, gradients)
    return np.array(losses), weights


def network(hidden):
    return stax.serial(stax.Dense(hidden), stax.elementwise(jax.nn.relu), stax.Dense(3))


def layer_logits(weights, inputs):
    held = [tuple(weights[:2]), (), tuple(weights[2:])]
    return network(len(weights[1]))[1](held, inputs)


def fitted(net, held, optimizer, samples):
    state, losses = optimizer.init(held), []
    slope = jax.jit(jax.value_and_grad(lambda held, x, y: loss_of(net(held, x), y)))
    update = jax.jit(optimizer.update)
    for x, y in samples:
        loss, gradients = slope(held, x, y)
        change, state = update(gradients, state, held)
        held = jax.tree.map(np.add, held, change)
        losses.append(loss)
    return losses, held


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    held = [tuple(map(np.asarray, weights[:2])), (), tuple(map(np.asarray, weights[2:]))]
    rule = optax.chain(optax.trace(decay=momentum), optax.scale(-rate))
    losses, held = fitted(network(len(weights[1]))[1], held, rule, batches(inputs, labels, steps))
    return losses, jax.tree.leaves(held)


def classify(inputs, labels, new_inputs):
    make, net = network(64)
    held = make(jax.random.PRNGKey(1), (-1, 2))[1]
    _, held = fitted(net, held, optax.adamw(0.02), ((inputs, labels) for _ in range(400)))
    answer = partial(net, held)
    return np.argmax(answer(new_inputs), axis=-1)
