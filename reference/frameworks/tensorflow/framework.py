"""The toy classifier in TensorFlow, with Keras for its layers and optimizers."""

import tensorflow as tf

BATCH = 20


def derivative(x):
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.reduce_sum(x**2)
    return tape.gradient(y, x).numpy()


def loop(x):
    x = tf.Variable(float(x))
    with tf.GradientTape() as tape:
        y = tf.identity(x)
        while y < 10:
            y = y**2
    return float(y), float(tape.gradient(y, x))


def forward(weights, inputs):
    w1, b1, w2, b2 = weights
    return tf.nn.relu(inputs @ w1 + b1) @ w2 + b2


def crossentropy(scores, labels):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, scores))


def variables(weights):
    return [tf.Variable(weight, dtype=tf.float32) for weight in weights]


def logits(weights, inputs):
    return forward(variables(weights), tf.constant(inputs, tf.float32)).numpy()


def slopes(weights, inputs, labels):
    with tf.GradientTape() as tape:
        loss = crossentropy(forward(weights, tf.constant(inputs, tf.float32)), labels)
    return loss, tape.gradient(loss, weights)


def loss_and_gradients(weights, inputs, labels):
    loss, gradients = slopes(variables(weights), inputs, labels)
    return float(loss), [gradient.numpy() for gradient in gradients]


def batch_of(step, inputs, labels):
    begin = step % (len(inputs) // BATCH) * BATCH
    return inputs[begin : begin + BATCH], labels[begin : begin + BATCH]


def train(weights, inputs, labels, steps, rate):
    weights = variables(weights)
    losses = []
    for step in range(steps):
        loss, gradients = slopes(weights, *batch_of(step, inputs, labels))
        losses.append(float(loss))
        for weight, gradient in zip(weights, gradients, strict=True):
            weight.assign_sub(rate * gradient)
    return losses, [weight.numpy() for weight in weights]


def layers(hidden):
    net = tf.keras.Sequential([tf.keras.layers.Dense(hidden, activation="relu"), tf.keras.layers.Dense(3)])
    net.build((None, 2))
    return net


def layers_with(weights):
    net = layers(len(weights[1]))
    net.set_weights(weights)
    return net


def layer_logits(weights, inputs):
    return layers_with(weights)(tf.constant(inputs)).numpy()


def stepper(net, optimizer):
    @tf.function
    def step(inputs, labels):
        with tf.GradientTape() as tape:
            loss = crossentropy(net(inputs), labels)
        weights = net.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return loss

    return step


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    net = layers_with(weights)
    take = stepper(net, tf.keras.optimizers.SGD(rate, momentum=momentum))
    inputs, labels = tf.constant(inputs), tf.constant(labels)
    losses = [float(take(*batch_of(step, inputs, labels))) for step in range(steps)]
    return losses, net.get_weights()


def classify(inputs, labels, new_inputs):
    net = layers(32)
    take = stepper(net, tf.keras.optimizers.Adam(0.03))
    for _ in range(400):
        take(tf.constant(inputs), tf.constant(labels))
    return tf.argmax(net(new_inputs), axis=1).numpy()
