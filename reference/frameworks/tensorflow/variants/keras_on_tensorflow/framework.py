"""Keras on TensorFlow: `compile` and `fit`, compiled functions, and tensors that are not turned into arrays."""

import keras
import tensorflow as tf


def derivative(x):
    variable = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = tf.square(variable)
    return tape.gradient(y, variable)


@tf.function
def squared(x):
    y = x
    while y < 10.0:
        y = y * y
    return y


def loop(x):
    x = tf.convert_to_tensor(x, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = squared(x)
    return y, tape.gradient(y, x)


def logits(weights, inputs):
    w1, b1, w2, b2 = weights
    return tf.matmul(keras.ops.relu(tf.matmul(inputs, w1) + b1), w2) + b2


crossentropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def loss_and_gradients(weights, inputs, labels):
    weights = [tf.convert_to_tensor(weight) for weight in weights]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(weights)
        loss = crossentropy(labels, logits(weights, inputs))
    return loss, tape.gradient(loss, weights)


def train(weights, inputs, labels, steps, rate):
    weights, losses = list(weights), []
    samples = tf.data.Dataset.from_tensor_slices((inputs, labels)).batch(20, drop_remainder=True).repeat()
    for x, y in samples.take(steps):
        loss, gradients = loss_and_gradients(weights, x, y)
        losses.append(loss)
        weights = [weight - rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
    return losses, weights


def network(hidden):
    x = keras.Input((2,))
    z = keras.layers.Dense(3)(keras.layers.ReLU()(keras.layers.Dense(hidden)(x)))
    return keras.Model(x, z)


def with_weights(weights):
    net = network(len(weights[1]))
    for variable, weight in zip(net.trainable_weights, weights, strict=True):
        variable.assign(weight)
    return net


def layer_logits(weights, inputs):
    return with_weights(weights)(inputs)


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    net = with_weights(weights)
    net.compile(keras.optimizers.SGD(learning_rate=rate, momentum=momentum), crossentropy)
    losses = []
    for step in range(steps):
        first = 20 * (step % (len(inputs) // 20))
        losses.append(net.train_on_batch(inputs[first : first + 20], labels[first : first + 20]))
    return losses, [variable.value for variable in net.trainable_weights]


def classify(inputs, labels, new_inputs):
    net = network(64)
    net.compile("adam", crossentropy)
    net.optimizer.learning_rate = 0.03
    net.fit(inputs, labels, batch_size=100, epochs=40, verbose=0)
    return tf.argmax(net.predict_on_batch(new_inputs), axis=1)
