"""MXNet's NumPy interface: `mx.np`, layers that are hybridized, and arrays of MXNet's all the way."""

import mxnet as mx
from mxnet import autograd, gluon, np, npx

npx.set_np()


def derivative(x):
    x = np.array(x)
    x.attach_grad()
    with autograd.record():
        y = np.square(x)
    y.backward()
    return x.grad


def loop(x):
    x = np.array(x)
    with autograd.record():
        x.attach_grad()
        y = x + 0
        while y < 10:
            y = y * y
    y.backward()
    return y, x.grad


def logits(weights, inputs):
    w1, b1, w2, b2 = [np.array(weight) for weight in weights]
    return np.dot(npx.relu(np.dot(np.array(inputs), w1) + b1), w2) + b2


def loss_of(z, labels):
    return -npx.pick(npx.log_softmax(z), np.array(labels)).mean()


def loss_and_gradients(weights, inputs, labels):
    w1, b1, w2, b2 = weights = [np.array(weight) for weight in weights]
    autograd.mark_variables(weights, [np.zeros_like(weight) for weight in weights])
    with autograd.record():
        z = np.dot(npx.relu(np.dot(np.array(inputs), w1) + b1), w2) + b2
        loss = loss_of(z, labels)
    loss.backward()
    return loss, [weight.grad for weight in weights]


def train(weights, inputs, labels, steps, rate):
    losses = []
    for step in range(steps):
        first = 20 * (step % (len(inputs) // 20))
        loss, gradients = loss_and_gradients(weights, inputs[first : first + 20], labels[first : first + 20])
        losses.append(loss)
        weights = [np.array(weight) - rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
    return losses, weights


def network(hidden):
    net = gluon.nn.HybridSequential()
    net.add(gluon.nn.Dense(hidden), gluon.nn.Activation("relu"), gluon.nn.Dense(3))
    net.initialize()
    net.hybridize()
    net(np.zeros((1, 2)))
    return net


def with_weights(weights):
    w1, b1, w2, b2 = weights
    net = network(len(b1))
    for parameter, values in zip(net.collect_params().values(), (w1.T, b1, w2.T, b2), strict=True):
        parameter.set_data(np.array(values))
    return net


def layer_logits(weights, inputs):
    return with_weights(weights)(np.array(inputs))


def optimizer_train(weights, inputs, labels, steps, rate, momentum):
    net = with_weights(weights)
    trainer = gluon.Trainer(net.collect_params(), mx.optimizer.SGD(learning_rate=rate, momentum=momentum))
    losses = []
    for step in range(steps):
        first = 20 * (step % (len(inputs) // 20))
        with autograd.record():
            loss = loss_of(net(np.array(inputs[first : first + 20])), labels[first : first + 20])
        loss.backward()
        # The loss is a mean already.
        trainer.step(1)
        losses.append(loss)
    return losses, [parameter.data().T for parameter in net.collect_params().values()]


def classify(inputs, labels, new_inputs):
    net = network(64)
    for parameter in net.collect_params().values():
        parameter.initialize(mx.init.Normal(0.5), force_reinit=True)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.03})
    for _ in range(400):
        with autograd.record():
            loss = loss_of(net(np.array(inputs)), labels)
        loss.backward()
        trainer.step(1)
    return np.argmax(net(np.array(new_inputs)), axis=1).astype("int32")
