"""Keras without `compile`: a model of one's own, and its state handed through JAX's functions."""

import jax
import jax.numpy as jnp
import keras
import numpy as np


class Classifier(keras.Model):
    def __init__(self, hidden):
        super().__init__()
        self.hidden = keras.layers.Dense(hidden)
        self.out = keras.layers.Dense(3)

    def call(self, x):
        return self.out(keras.activations.relu(self.hidden(x)))


def derivative(x):
    _, back = jax.vjp(keras.ops.square, jnp.asarray(x))
    return back(keras.ops.ones_like(x))[0]


def loop(x):
    y, slope = keras.ops.convert_to_tensor(x, "float32"), 1.0
    while float(y) < 10:
        slope = slope * jax.grad(keras.ops.square)(y)
        y = keras.ops.square(y)
    return y, slope


def logits(weights, inputs):
    w1, b1, w2, b2 = map(jnp.asarray, weights)
    return keras.ops.matmul(keras.ops.maximum(keras.ops.matmul(inputs, w1) + b1, 0), w2) + b2


def cost(z, labels):
    return keras.ops.mean(keras.ops.categorical_crossentropy(keras.ops.one_hot(labels, 3), z, from_logits=True))


def loss_and_gradients(weights, inputs, labels):
    return jax.value_and_grad(lambda them: cost(logits(them, inputs), labels))([jnp.asarray(w) for w in weights])


def train(weights, inputs, labels, steps, rate):
    losses = np.zeros(steps)
    slopes = jax.jit(loss_and_gradients)
    for step in range(steps):
        batch = np.arange(20) + 20 * (step % (len(inputs) // 20))
        losses[step], gradients = slopes(weights, inputs[batch], labels[batch])
        weights = [weight - rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
    return losses, tuple(weights)


def built(hidden, weights=None):
    net = Classifier(hidden)
    net(np.zeros((1, 2), "float32"))
    if weights is not None:
        net.set_weights([np.array(weight) for weight in weights])
    return net


def layer_logits(weights, inputs):
    return built(len(weights[1]), weights)(inputs)


def fitted(net, optimizer, samples):
    optimizer.build(net.trainable_variables)

    def loss_of(held, x, y):
        z, _ = net.stateless_call(held, [], x)
        return cost(z, y)

    @jax.jit
    def step(held, state, x, y):
        loss, gradients = jax.value_and_grad(loss_of)(held, x, y)
        held, state = optimizer.stateless_apply(state, gradients, held)
        return loss, held, state

    held = [variable.value for variable in net.trainable_variables]
    state = [variable.value for variable in optimizer.variables]
    losses = []
    for x, y in samples:
        loss, held, state = step(held, state, x, y)
        losses.append(loss)
    return losses, held


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    def samples():
        for step in range(steps):
            batch = np.arange(20) + 20 * (step % (len(inputs) // 20))
            yield inputs[batch], labels[batch]

    return fitted(built(len(weights[1]), weights), keras.optimizers.SGD(rate, momentum), samples())


def classify(inputs, labels, new_inputs):
    net = built(48)
    _, held = fitted(net, keras.optimizers.Adam(0.03), [(inputs, labels)] * 400)
    z, _ = net.stateless_call(held, [], new_inputs)
    return keras.ops.argmax(z, axis=-1)
