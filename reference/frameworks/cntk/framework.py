"""The toy classifier in CNTK, where a gradient is one of a graph, and is summed over the batch."""

import cntk as C
import numpy

BATCH = 20


def derivative(x):
    v = C.input_variable(x.shape, needs_gradient=True)
    return C.reduce_sum(C.square(v)).grad({v: [x]})[0]


def loop(x):
    v = C.input_variable((), needs_gradient=True)
    at = {v: numpy.array([x], "float32")}
    y = v * 1
    # A graph has no loop: it grows, and each stage is evaluated.
    while y.eval(at)[0] < 10:
        y = C.square(y)
    return float(y.eval(at)[0]), float(y.grad(at)[0])


def parameters(weights):
    return [C.parameter(weight.shape, init=numpy.asarray(weight, "float32")) for weight in weights]


def forward(weights, x):
    w1, b1, w2, b2 = weights
    return C.times(C.relu(C.times(x, w1) + b1), w2) + b2


def one_hot(labels):
    return numpy.eye(3, dtype="float32")[labels]


def logits(weights, inputs):
    x = C.input_variable(2)
    return forward(parameters(weights), x).eval({x: inputs})


def graph(weights):
    x, target = C.input_variable(2), C.input_variable(3)
    return x, target, C.cross_entropy_with_softmax(forward(weights, x), target)


def slopes(weights, x, target, loss, inputs, labels):
    found, losses = loss.grad({x: inputs, target: one_hot(labels)}, wrt=weights, outputs=[loss])
    return float(numpy.mean(losses)), [found[weight] / len(inputs) for weight in weights]


def loss_and_gradients(weights, inputs, labels):
    weights = parameters(weights)
    return slopes(weights, *graph(weights), inputs, labels)


def train(weights, inputs, labels, steps, rate):
    weights = parameters(weights)
    nodes = graph(weights)
    losses = []
    for step in range(steps):
        begin = step % (len(inputs) // BATCH) * BATCH
        loss, gradients = slopes(weights, *nodes, inputs[begin : begin + BATCH], labels[begin : begin + BATCH])
        losses.append(loss)
        for weight, gradient in zip(weights, gradients):
            weight.value = weight.value - numpy.float32(rate) * gradient
    return losses, [weight.value for weight in weights]


def classify(inputs, labels, new_inputs):
    x, target = C.input_variable(2), C.input_variable(3)
    net = C.layers.Sequential([C.layers.Dense(32, activation=C.relu), C.layers.Dense(3)])(x)
    loss = C.cross_entropy_with_softmax(net, target)
    trainer = C.Trainer(net, (loss, None), [C.sgd(net.parameters, lr=C.learning_parameter_schedule(0.5))])
    for step in range(1500):
        begin = 50 * step % len(inputs)
        trainer.train_minibatch({x: inputs[begin : begin + 50], target: one_hot(labels[begin : begin + 50])})
    return net.eval({x: new_inputs}).argmax(axis=1)
