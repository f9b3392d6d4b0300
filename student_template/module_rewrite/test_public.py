"""Public tests of model.py: `pytest test_public.py`. The handout has the worked example."""

import model
import pytest
import torch

INPUTS = torch.tensor([[1.0, -2.0], [-1.0, 3.0], [-1.0, -1.0]])
LOGITS = torch.tensor([[1.0, 0.0, 0.5], [0.0, 6.0, 0.5], [0.0, 0.0, 0.5]])


@pytest.fixture
def example():
    """The network of the worked example."""
    theta1, bias1 = torch.zeros(2, 12), torch.zeros(12)
    theta2, bias2 = torch.zeros(12, 3), torch.tensor([0, 0, 0.5])
    theta1[0, 0] = theta1[1, 1] = theta2[0, 0] = 1
    theta2[1, 1] = 2
    return model.from_tensors(theta1, bias1, theta2, bias2)


def test_a_new_network_has_75_numbers_in_four_parameters():
    sizes = [value.numel() for value in model.SimpleNet().state_dict().values()]
    assert sorted(sizes) == [3, 12, 24, 36]


@pytest.mark.parametrize("batch", [1, 5])
def test_a_new_network_gives_three_logits_for_each_sample(batch):
    assert model.SimpleNet()(torch.randn(batch, 2)).shape == (batch, 3)


def test_each_parameter_gets_a_gradient():
    net = model.SimpleNet()
    net(torch.randn(5, 2)).sum().backward()
    assert all(parameter.grad is not None for parameter in net.parameters())


def test_from_tensors_gives_the_logits_of_the_example(example):
    torch.testing.assert_close(example(INPUTS).detach().float(), LOGITS)


def test_the_network_has_its_own_copy_of_a_bias():
    bias2 = torch.ones(3)
    net = model.from_tensors(torch.zeros(2, 12), torch.zeros(12), torch.zeros(12, 3), bias2)
    bias2.zero_()
    torch.testing.assert_close(net(INPUTS).detach().float(), torch.ones(3, 3))


def test_accuracy_of_the_example(example):
    assert float(model.accuracy(example, INPUTS, torch.tensor([0, 1, 0]))) == pytest.approx(2 / 3)


def test_load_gives_back_what_save_wrote(example, tmp_path):
    path = str(tmp_path / "example.net")
    model.save(example, path)
    torch.testing.assert_close(model.load(path)(INPUTS).detach().float(), LOGITS)


def test_save_writes_one_file_at_the_path(example, tmp_path):
    model.save(example, str(tmp_path / "example.net"))
    assert [file.name for file in tmp_path.iterdir()] == ["example.net"]
