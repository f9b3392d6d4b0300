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


def batch_of(step, inputs, labels):
    begin = step % (len(inputs) // BATCH) * BATCH
    return inputs[begin : begin + BATCH], labels[begin : begin + BATCH]


def train(weights, inputs, labels, steps, rate):
    weights = parameters(weights)
    nodes = graph(weights)
    losses = []
    for step in range(steps):
        loss, gradients = slopes(weights, *nodes, *batch_of(step, inputs, labels))
        losses.append(loss)
        for weight, gradient in zip(weights, gradients):
            weight.value = weight.value - numpy.float32(rate) * gradient
    return losses, [weight.value for weight in weights]


def layers(hidden):
    first, second = C.layers.Dense(hidden, activation=C.relu), C.layers.Dense(3)
    x = C.input_variable(2)
    # A layer has its weights once it knows what goes in.
    net = second(first(x))
    return x, net, [first.W, first.b, second.W, second.b]


def layers_with(weights):
    x, net, held = layers(len(weights[1]))
    for parameter, weight in zip(held, weights):
        parameter.value = numpy.asarray(weight, "float32")
    return x, net, held


def layer_logits(weights, inputs):
    x, net, _ = layers_with(weights)
    return net.eval({x: inputs})


def stepper(x, net, learner):
    target = C.input_variable(3)
    trainer = C.Trainer(net, (C.cross_entropy_with_softmax(net, target), None), [learner])

    def take(inputs, labels):
        trainer.train_minibatch({x: inputs, target: one_hot(labels)})
        return trainer.previous_minibatch_loss_average

    return take


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    x, net, held = layers_with(weights)
    rates, momenta = C.learning_parameter_schedule(rate), C.momentum_schedule(momentum)
    take = stepper(x, net, C.momentum_sgd(held, rates, momenta, unit_gain=False))
    losses = [take(*batch_of(step, inputs, labels)) for step in range(steps)]
    return losses, [parameter.value for parameter in held]


def classify(inputs, labels, new_inputs):
    x, net, held = layers(32)
    take = stepper(x, net, C.sgd(held, C.learning_parameter_schedule(0.5)))
    for step in range(1500):
        begin = 50 * step % len(inputs)
        take(inputs[begin : begin + 50], labels[begin : begin + 50])
    return net.eval({x: new_inputs}).argmax(axis=1)
