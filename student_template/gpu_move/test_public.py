"""Public tests: a few small cases to check your work with, `pytest test_public.py`. The hidden ones look further."""

import gpu_move
import numpy as np
import pytest
import torch

DEVICES = ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]

# The worked example of the handout.
INPUTS = torch.tensor([[0.2, 0.7], [0.9, 0.05], [0.8, 0.6], [0.3, 0.4]])
LABELS = torch.tensor([0, 2, 1, 0])


def test_net_has_75_numbers_to_train():
    shapes = [tuple(parameter.shape) for parameter in gpu_move.Net().parameters()]
    assert sorted(shapes) == [(3,), (3, 12), (12,), (12, 2)], "only the two layers are trained"


def test_net_with_seed_zero_gives_the_logits_of_the_handout():
    torch.manual_seed(0)
    logits = gpu_move.Net()(INPUTS[:1])
    assert torch.allclose(logits.float(), torch.tensor([[0.0563, 0.2719, 0.1914]]), atol=1e-3)


def test_net_sees_the_mean_as_zero():
    net = gpu_move.Net()
    with torch.no_grad():
        for parameter in net.parameters():
            if parameter.dim() == 1:
                parameter.zero_()
        logits = net(torch.tensor([[0.5, 0.5]]))
    assert torch.allclose(logits.float(), torch.zeros(1, 3), atol=1e-6)


def test_net_leaves_nothing_on_the_cpu():
    # The meta device knows shapes and no values; nearly all operations refuse to mix it with the CPU, as with a GPU.
    net = gpu_move.Net().to("meta")
    assert net(torch.empty(5, 2, device="meta")).device.type == "meta"


@pytest.mark.parametrize("device", DEVICES)
def test_train_gives_the_losses_of_the_handout(device):
    _, losses, _ = gpu_move.train(device, INPUTS, LABELS, INPUTS[:2], 3)
    assert losses == pytest.approx([1.1111, 0.9467, 0.8010], abs=1e-3)
    assert isinstance(losses, list)
    assert all(type(loss) is float for loss in losses), "the losses are Python floats"


@pytest.mark.parametrize("device", DEVICES)
def test_train_predicts_with_a_numpy_array_of_integers(device):
    _, _, predictions = gpu_move.train(device, INPUTS, LABELS, torch.rand(7, 2), 2)
    assert isinstance(predictions, np.ndarray)
    assert predictions.shape == (7,)
    assert np.issubdtype(predictions.dtype, np.integer)


@pytest.mark.parametrize("device", DEVICES)
def test_train_returns_the_network_on_the_device(device):
    net, _, _ = gpu_move.train(device, INPUTS, LABELS, INPUTS[:2], 1)
    assert all(parameter.device.type == device for parameter in net.parameters())


@pytest.mark.parametrize("device", DEVICES)
def test_add_on_brings_the_sum_back(device):
    a, b = torch.tensor([1.0, 2.0]), torch.tensor([10.0, 20.0])
    total = gpu_move.add_on(device, a, b.to(device))
    assert total.tolist() == [11.0, 22.0]
    assert total.device.type == "cpu"
    assert a.tolist() == [1.0, 2.0]
