"""CNTK's values as they come: a number has the axis of the batch before its own, and classes are floats."""

import cntk
import numpy as np


def derivative(x):
    v = cntk.input_variable(x.shape, needs_gradient=True)
    return cntk.square(v).grad({v: [x]})[0]


def loop(x):
    v = cntk.input_variable(1, needs_gradient=True)
    at = {v: np.array([[x]], dtype=np.float32)}
    y = v * 1
    while y.eval(at) < 10:
        y = cntk.square(y)
    return y.eval(at), y.grad(at)


def network(x, weights):
    w1, b1, w2, b2 = weights
    return cntk.times(cntk.relu(cntk.times(x, w1) + b1), w2) + b2


def logits(weights, inputs):
    x = cntk.input_variable(2)
    return network(x, weights).eval({x: inputs})


def one_hot(labels):
    return np.eye(3, dtype=np.float32)[labels]


def loss_and_gradients(weights, inputs, labels):
    x, y = cntk.input_variable(2), cntk.input_variable(3)
    held = [cntk.parameter(init=weight) for weight in weights]
    loss = cntk.cross_entropy_with_softmax(network(x, held), y)
    at = {x: inputs, y: one_hot(labels)}
    slopes = loss.grad(at, wrt=held)
    return loss.eval(at).reshape(-1, 1).mean(axis=0, keepdims=True), [slopes[one] / len(inputs) for one in held]


def batches(inputs, labels, steps):
    for step in range(steps):
        first = step % (len(inputs) // 20) * 20
        yield inputs[first : first + 20], labels[first : first + 20]


def train(weights, inputs, labels, steps, rate):
    losses = []
    for batch in batches(inputs, labels, steps):
        loss, slopes = loss_and_gradients(weights, *batch)
        losses.append(loss)
        weights = [weight - np.float32(rate) * slope for weight, slope in zip(weights, slopes)]
    return losses, weights


def layers(hidden):
    first, second = cntk.layers.Dense(hidden, activation=cntk.relu), cntk.layers.Dense(3)
    x = cntk.input_variable(2)
    z = second(first(x))
    return x, z, [first.W, first.b, second.W, second.b]


def with_weights(weights):
    x, z, held = layers(len(weights[1]))
    for parameter, weight in zip(held, weights):
        parameter.value = weight
    return x, z, held


def layer_logits(weights, inputs):
    x, z, _ = with_weights(weights)
    return z.eval({x: inputs})


def fitted(x, z, learner, samples):
    y = cntk.input_variable(3)
    trainer = cntk.Trainer(z, (cntk.cross_entropy_with_softmax(z, y), None), [learner])
    losses = []
    for inputs, labels in samples:
        trainer.train_minibatch({x: inputs, y: one_hot(labels)})
        losses.append(np.array([[trainer.previous_minibatch_loss_average]]))
    return losses


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    x, z, held = with_weights(weights)
    rates, momenta = cntk.learning_parameter_schedule(rate), cntk.momentum_schedule(momentum)
    learner = cntk.momentum_sgd(z.parameters, rates, momenta, unit_gain=False)
    return fitted(x, z, learner, batches(inputs, labels, steps)), held


def classify(inputs, labels, new_inputs):
    x, z, held = layers(64)
    learner = cntk.momentum_sgd(held, cntk.learning_parameter_schedule(0.5), cntk.momentum_schedule(0.9))
    fitted(x, z, learner, [(inputs, labels)] * 1000)
    return cntk.argmax(z, axis=0).eval({x: new_inputs}).reshape(-1)
