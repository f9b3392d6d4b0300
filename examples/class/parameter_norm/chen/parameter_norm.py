import torch
from torch import relu


def forward(x, theta1, bias1, theta2, bias2):
    layer1 = relu(torch.matmul(theta1, x) + bias1)
    layer2 = relu(torch.matmul(theta2, layer1) + bias2)
    return layer2


def cost(z):
    return sum(zi * zi for zi in z)


def learning_rate(step):
    if step < 600:
        return 0.001
    else:
        return 0.001 / (10 * ((step - 500) // 100))


def train(theta1, bias1, theta2, bias2, inputs, rates, weight_decay=0.0):
    theta1.requires_grad_()
    theta2.requires_grad_()
    bias1.requires_grad_()
    bias2.requires_grad_()

    all_params = []
    costs = []
    for step in range(inputs.shape[0]):
        all_params.append((theta1.data, bias1.data, theta2.data, bias2.data))
        theta1.grad = theta2.grad = bias1.grad = bias2.grad = None
        out = forward(inputs[step], theta1, bias1, theta2, bias2)
        loss = cost(out)
        loss.backward()
        costs.append(loss.data)
        # gradient descent
        theta1.data -= rates[step] * theta1.grad + weight_decay * theta1.data
        theta2.data -= rates[step] * theta2.grad + weight_decay * theta2.data
    all_params.append((theta1.data, bias1.data, theta2.data, bias2.data))

    norms = torch.tensor([[float((p**2).sum()) for p in ps] for ps in all_params])
    residual = torch.tensor([float(ps[2].sum(dim=1).norm()) for ps in all_params])
    return {
        "parameters": [theta1.data, bias1.data, theta2.data, bias2.data],
        "costs": torch.stack(costs),
        "norms": norms,
        "residual": residual,
    }


def converged_to_zero(norms, fraction):
    return norms[-1] < fraction
