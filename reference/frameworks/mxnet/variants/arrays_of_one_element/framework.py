"""MXNet's older arrays, which have no shape (): numbers come back with one element, and classes as floats."""

import mxnet as mx
from mxnet import autograd, gluon, nd

crossentropy = gluon.loss.SoftmaxCrossEntropyLoss()


def derivative(x):
    x = nd.array(x)
    x.attach_grad()
    with autograd.record():
        y = x * x
    y.backward()
    return x.grad


def loop(x):
    x = nd.array([x])
    x.attach_grad()
    with autograd.record():
        y = x
        while y.asscalar() < 10:
            y = y * y
    y.backward()
    return y, x.grad


def forward(weights, inputs):
    w1, b1, w2, b2 = weights
    return nd.dot(nd.relu(nd.dot(nd.array(inputs), w1) + b1), w2) + b2


def logits(weights, inputs):
    return forward([nd.array(weight) for weight in weights], inputs)


def loss_and_gradients(weights, inputs, labels):
    weights = [nd.array(weight) for weight in weights]
    for weight in weights:
        weight.attach_grad()
    with autograd.record():
        loss = crossentropy(forward(weights, inputs), nd.array(labels)).mean()
    loss.backward()
    return loss, [weight.grad for weight in weights]


def batches(inputs, labels, steps):
    for step in range(steps):
        first = step % (len(inputs) // 20) * 20
        yield inputs[first : first + 20], labels[first : first + 20]


def train(weights, inputs, labels, steps, rate):
    losses = []
    for batch in batches(inputs, labels, steps):
        loss, gradients = loss_and_gradients(weights, *batch)
        losses.append(loss)
        weights = [nd.array(weight) - rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
    return losses, weights


def network(hidden):
    net = gluon.nn.Sequential()
    net.add(gluon.nn.Dense(hidden, activation="relu", in_units=2), gluon.nn.Dense(3, in_units=hidden))
    net.initialize(mx.init.Xavier())
    return net


def with_weights(weights):
    net = network(len(weights[1]))
    for layer, matrix, bias in zip(net, weights[::2], weights[1::2], strict=True):
        layer.weight.set_data(nd.array(matrix).T)
        layer.bias.set_data(nd.array(bias))
    return net


def layer_logits(weights, inputs):
    return with_weights(weights)(nd.array(inputs))


def fitted(net, trainer, samples):
    losses = []
    for inputs, labels in samples:
        with autograd.record():
            loss = crossentropy(net(nd.array(inputs)), nd.array(labels))
        loss.backward()
        trainer.step(len(inputs))
        losses.append(loss.mean())
    return losses


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    net = with_weights(weights)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": rate, "momentum": momentum})
    losses = fitted(net, trainer, batches(inputs, labels, steps))
    return losses, [parameter.data().T for parameter in net.collect_params().values()]


def classify(inputs, labels, new_inputs):
    net = network(64)
    fitted(net, gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.03}), [(inputs, labels)] * 400)
    return net(nd.array(new_inputs)).argmax(axis=1)
