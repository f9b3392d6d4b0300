"""The toy classifier in Keras, whose gradients are those of its backend, JAX."""

import jax
import keras
import numpy
from keras import ops

BATCH = 20


def derivative(x):
    return ops.convert_to_numpy(jax.grad(lambda x: ops.sum(ops.square(x)))(ops.convert_to_tensor(x)))


def loop(x):
    def squared(y):
        while y < 10:
            y = ops.square(y)
        return y

    y, slope = jax.value_and_grad(squared)(float(x))
    return float(y), float(slope)


def forward(weights, inputs):
    w1, b1, w2, b2 = weights
    return ops.relu(inputs @ w1 + b1) @ w2 + b2


def crossentropy(scores, labels):
    return ops.mean(keras.losses.sparse_categorical_crossentropy(labels, scores, from_logits=True))


def logits(weights, inputs):
    return ops.convert_to_numpy(forward(weights, ops.convert_to_tensor(inputs)))


@jax.jit
def slopes(weights, inputs, labels):
    return jax.value_and_grad(lambda weights: crossentropy(forward(weights, inputs), labels))(weights)


def loss_and_gradients(weights, inputs, labels):
    loss, gradients = slopes(list(weights), inputs, labels)
    return float(loss), [ops.convert_to_numpy(gradient) for gradient in gradients]


def batch_of(step, inputs, labels):
    begin = step % (len(inputs) // BATCH) * BATCH
    return inputs[begin : begin + BATCH], labels[begin : begin + BATCH]


def train(weights, inputs, labels, steps, rate):
    weights = [ops.convert_to_tensor(weight) for weight in weights]
    losses = []
    for step in range(steps):
        loss, gradients = slopes(weights, *batch_of(step, inputs, labels))
        losses.append(float(loss))
        weights = [weight - rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
    return losses, [ops.convert_to_numpy(weight) for weight in weights]


def layers(hidden):
    net = keras.Sequential([keras.layers.Dense(hidden, activation="relu"), keras.layers.Dense(3)])
    net.build((None, 2))
    return net


def layers_with(weights):
    net = layers(len(weights[1]))
    net.set_weights(weights)
    return net


def layer_logits(weights, inputs):
    return layers_with(weights).predict(inputs, verbose=0)


def compiled(net, optimizer):
    net.compile(optimizer=optimizer, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return net


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    net = compiled(layers_with(weights), keras.optimizers.SGD(rate, momentum=momentum))
    losses = [float(net.train_on_batch(*batch_of(step, inputs, labels))) for step in range(steps)]
    return losses, net.get_weights()


def classify(inputs, labels, new_inputs):
    net = compiled(layers(32), keras.optimizers.Adam(0.03))
    net.fit(inputs, labels, batch_size=100, epochs=40, verbose=0)
    return numpy.argmax(net.predict(new_inputs, verbose=0), axis=1)
