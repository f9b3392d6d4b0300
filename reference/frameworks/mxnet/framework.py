"""The toy classifier in MXNet, with Gluon for its layers and optimizers."""

import mxnet as mx
from mxnet import autograd, gluon, nd

BATCH = 20

crossentropy = gluon.loss.SoftmaxCrossEntropyLoss()


def derivative(x):
    x = nd.array(x)
    x.attach_grad()
    with autograd.record():
        y = (x**2).sum()
    y.backward()
    return x.grad.asnumpy()


def loop(x):
    x = nd.array([x])
    x.attach_grad()
    with autograd.record():
        y = x * 1
        while y < 10:
            y = y**2
    y.backward()
    return float(y.asscalar()), float(x.grad.asscalar())


def arrays(weights):
    weights = [nd.array(weight) for weight in weights]
    for weight in weights:
        weight.attach_grad()
    return weights


def forward(weights, inputs):
    w1, b1, w2, b2 = weights
    return nd.dot(nd.relu(nd.dot(inputs, w1) + b1), w2) + b2


def logits(weights, inputs):
    return forward(arrays(weights), nd.array(inputs)).asnumpy()


def slopes(weights, inputs, labels):
    with autograd.record():
        loss = crossentropy(forward(weights, nd.array(inputs)), nd.array(labels)).mean()
    loss.backward()
    return float(loss.asscalar())


def loss_and_gradients(weights, inputs, labels):
    weights = arrays(weights)
    loss = slopes(weights, inputs, labels)
    return loss, [weight.grad.asnumpy() for weight in weights]


def batch_of(step, inputs, labels):
    begin = step % (len(inputs) // BATCH) * BATCH
    return inputs[begin : begin + BATCH], labels[begin : begin + BATCH]


def train(weights, inputs, labels, steps, rate):
    weights = arrays(weights)
    losses = []
    for step in range(steps):
        losses.append(slopes(weights, *batch_of(step, inputs, labels)))
        for weight in weights:
            weight[:] = weight - rate * weight.grad
    return losses, [weight.asnumpy() for weight in weights]


def layers(hidden):
    net = gluon.nn.Sequential()
    net.add(gluon.nn.Dense(hidden, activation="relu", in_units=2), gluon.nn.Dense(3, in_units=hidden))
    net.initialize(mx.init.Xavier())
    return net


def layers_with(weights):
    w1, b1, w2, b2 = weights
    net = layers(len(b1))
    # A dense layer keeps its matrix as (out, in).
    for layer, matrix, bias in ((net[0], w1, b1), (net[1], w2, b2)):
        layer.weight.set_data(nd.array(matrix.T))
        layer.bias.set_data(nd.array(bias))
    return net


def layer_logits(weights, inputs):
    return layers_with(weights)(nd.array(inputs)).asnumpy()


def take(net, trainer, inputs, labels):
    with autograd.record():
        losses = crossentropy(net(nd.array(inputs)), nd.array(labels))
    losses.backward()
    trainer.step(len(inputs))
    return float(losses.mean().asscalar())


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    net = layers_with(weights)
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": rate, "momentum": momentum})
    losses = [take(net, trainer, *batch_of(step, inputs, labels)) for step in range(steps)]
    first, second = net
    after = [first.weight.data().T, first.bias.data(), second.weight.data().T, second.bias.data()]
    return losses, [weight.asnumpy() for weight in after]


def classify(inputs, labels, new_inputs):
    net = layers(32)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.03})
    for _ in range(400):
        take(net, trainer, inputs, labels)
    return net(nd.array(new_inputs)).argmax(axis=1).astype("int64").asnumpy()
