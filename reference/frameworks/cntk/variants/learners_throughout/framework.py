"""CNTK with a learner wherever something is learned, one-hot labels in the graph, and its own values given back."""

import cntk
import numpy as np


def derivative(x):
    v = cntk.parameter(x.shape, init=x)
    square = cntk.reduce_sum(v * v)
    return square.grad({}, wrt=[v])


def loop(x):
    p = cntk.parameter((), init=float(x))
    rounds, y = 0, x
    while y < 10:
        rounds, y = rounds + 1, y * y
    node = cntk.plus(p, 0)
    for _ in range(rounds):
        node = node * node
    return node.eval(), node.grad({}, wrt=[p])


def network(weights, x):
    w1, b1, w2, b2 = (cntk.parameter(weight.shape, init=weight) for weight in weights)
    return cntk.plus(cntk.times(cntk.relu(cntk.plus(cntk.times(x, w1), b1)), w2), b2), [w1, b1, w2, b2]


def logits(weights, inputs):
    x = cntk.input_variable(2)
    return network(weights, x)[0].eval({x: inputs})


def loss_of(z):
    number = cntk.input_variable(1)
    return number, cntk.cross_entropy_with_softmax(z, cntk.reshape(cntk.one_hot(number, 3), 3))


def column(labels):
    return labels.astype(np.float32).reshape(-1, 1)


def loss_and_gradients(weights, inputs, labels):
    x = cntk.input_variable(2)
    z, held = network(weights, x)
    number, loss = loss_of(z)
    mean = cntk.reduce_mean(loss, axis=cntk.Axis.all_axes())
    at = {x: inputs, number: column(labels)}
    slopes = mean.grad(at, wrt=held)
    return mean.eval(at), [slopes[one] for one in held]


def learned(z, x, learner, batches):
    number, loss = loss_of(z)
    trainer = cntk.Trainer(z, (loss, loss), learner)
    losses = []
    for inputs, labels in batches:
        trainer.train_minibatch({x: inputs, number: column(labels)})
        losses.append(trainer.previous_minibatch_loss_average)
    return losses


def in_order(inputs, labels, steps):
    for step in range(steps):
        first = step % (len(inputs) // 20) * 20
        yield inputs[first : first + 20], labels[first : first + 20]


def train(weights, inputs, labels, steps, rate):
    x = cntk.input_variable(2)
    z, held = network(weights, x)
    learner = cntk.sgd(held, cntk.learning_rate_schedule(rate, cntk.UnitType.minibatch))
    return learned(z, x, learner, in_order(inputs, labels, steps)), held


def layers(hidden):
    with cntk.layers.default_options(init=cntk.glorot_normal()):
        return cntk.layers.Sequential(
            [
                cntk.layers.Dense(hidden, name="hidden"),
                cntk.layers.Activation(cntk.relu),
                cntk.layers.Dense(3, name="out"),
            ]
        )


def holding(weights, x):
    z = layers(len(weights[1]))(x)
    held = [z.hidden.W, z.hidden.b, z.out.W, z.out.b]
    for parameter, weight in zip(held, weights):
        parameter.value = weight
    return z, held


def layer_logits(weights, inputs):
    x = cntk.input_variable(2)
    return holding(weights, x)[0].eval({x: inputs})


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    x = cntk.input_variable(2)
    z, held = holding(weights, x)
    # With unit gain the gradient is multiplied by 1 - momentum: the rate makes up for it.
    rates = cntk.learning_parameter_schedule(rate / (1 - momentum))
    learner = cntk.momentum_sgd(z.parameters, rates, cntk.momentum_schedule(momentum))
    return learned(z, x, learner, in_order(inputs, labels, steps)), held


def classify(inputs, labels, new_inputs):
    x = cntk.input_variable(2)
    z = layers(64)(x)
    learner = cntk.adam(z.parameters, cntk.learning_parameter_schedule(3.0), cntk.momentum_schedule(0.9))
    learned(z, x, learner, ((inputs, labels) for _ in range(400)))
    return cntk.argmax(z, axis=0).eval({x: new_inputs}).astype(int).reshape(-1)
