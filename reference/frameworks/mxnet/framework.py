"""The toy classifier in MXNet."""

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


def train(weights, inputs, labels, steps, rate):
    weights = arrays(weights)
    losses = []
    for step in range(steps):
        begin = step % (len(inputs) // BATCH) * BATCH
        losses.append(slopes(weights, inputs[begin : begin + BATCH], labels[begin : begin + BATCH]))
        for weight in weights:
            weight[:] = weight - rate * weight.grad
    return losses, [weight.asnumpy() for weight in weights]


def classify(inputs, labels, new_inputs):
    net = gluon.nn.Sequential()
    net.add(gluon.nn.Dense(32, activation="relu"), gluon.nn.Dense(3))
    net.initialize(mx.init.Xavier())
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.03})
    x, y = nd.array(inputs), nd.array(labels)
    for _ in range(400):
        with autograd.record():
            loss = crossentropy(net(x), y)
        loss.backward()
        trainer.step(len(x))
    return net(nd.array(new_inputs)).argmax(axis=1).astype("int64").asnumpy()
