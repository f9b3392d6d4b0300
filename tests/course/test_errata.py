"""What docs/course-errata.md says of PyTorch and NumPy, shown by running them. The page names each of these tests."""

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from sklearn.metrics import average_precision_score, roc_auc_score
from torch import Tensor, nn
from torch.autograd import Variable

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/course-errata.md"


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small networks are trained faster by one thread, and get the same digits on every machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def reference(slug: str, module: str) -> ModuleType:
    """Import a reference of the course."""
    spec = importlib.util.spec_from_file_location(f"errata_{module}", ROOT / f"reference/{slug}/{module}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def toy(samples: int) -> tuple[Tensor, Tensor]:
    """The toy classes: 2 where x0 > x1, else 0, and then 1 where x0 + x1 > 1."""
    x = torch.rand(samples, 2)
    return x, torch.where(x.sum(1) > 1, 1, 2 * (x[:, 0] > x[:, 1]))


def network(seed: int) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(2, 12), nn.ReLU(), nn.Linear(12, 3))


def fit(net: nn.Module, inputs: Tensor, labels: Tensor, steps: int) -> None:
    """Train on all samples at once: gradient descent with rate 0.5 and momentum 0.9."""
    parameters = list(net.parameters())
    velocities = [torch.zeros_like(parameter) for parameter in parameters]
    for _ in range(steps):
        gradients = torch.autograd.grad(nn.functional.cross_entropy(net(inputs), labels), parameters)
        with torch.no_grad():
            for parameter, gradient, velocity in zip(parameters, gradients, velocities, strict=True):
                velocity.mul_(0.9).add_(gradient)
                parameter.sub_(0.5 * velocity)


def accuracy(logits: Tensor, labels: Tensor) -> float:
    return float((logits.argmax(1) == labels).double().mean())


# Tensors


def test_float16_is_half_float32_single_and_float64_double_precision() -> None:
    assert [torch.finfo(dtype).bits for dtype in (torch.half, torch.float, torch.double)] == [16, 32, 64]
    assert (torch.half, torch.float, torch.double) == (torch.float16, torch.float32, torch.float64)
    assert (np.half, np.single, np.double) == (np.float16, np.float32, np.float64)


def test_images_are_batch_channels_height_width() -> None:
    layer = nn.Conv2d(in_channels=3, out_channels=5, kernel_size=1)
    assert layer(torch.zeros(2, 3, 7, 8)).shape == (2, 5, 7, 8)
    with pytest.raises(RuntimeError, match="to have 3 channels, but got 7"):
        layer(torch.zeros(2, 7, 8, 3))


def test_size_is_a_method_in_torch_and_a_count_in_numpy() -> None:
    assert torch.zeros(2, 3).size() == torch.zeros(2, 3).shape
    assert torch.zeros(2, 3).numel() == np.zeros((2, 3)).size == 6


def test_index_one_is_the_second_column() -> None:
    assert torch.tensor([[1, 2, 3], [4, 5, 6]])[:, 1].tolist() == [2, 5]
    assert np.array([[1, 2, 3], [4, 5, 6]])[:, 1].tolist() == [2, 5]


def test_arrays_have_no_matmul_and_the_operator_multiplies_a_matrix_by_a_vector() -> None:
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert not hasattr(a, "matmul")
    v = np.array([10.0, 1.0])
    assert (a @ v).tolist() == (torch.tensor(a) @ torch.tensor(v)).tolist() == [12.0, 34.0]
    assert (a * v).shape == (2, 2)


def test_default_dtypes_differ() -> None:
    assert (np.zeros(1).dtype, torch.zeros(1).dtype) == (np.float64, torch.float32)
    assert (np.array([0.5]).dtype, torch.tensor([0.5]).dtype) == (np.float64, torch.float32)


def test_a_name_is_a_reference_and_a_move_to_the_same_device_copies_nothing() -> None:
    x = torch.zeros(3)
    y, same = x, x.to("cpu")
    x += 1
    assert same is x
    assert y.tolist() == [1.0, 1.0, 1.0]
    assert x.to("meta") is not x
    assert x.to(torch.float64).data_ptr() != x.data_ptr()


# Metrics


def test_auc_of_precision_and_recall_is_not_that_of_roc() -> None:
    positives, scores = np.array([1, 0, 1, 0, 1, 0]), np.array([0.9, 0.8, 0.6, 0.6, 0.3, 0.1])
    assert average_precision_score(positives, scores) == pytest.approx(0.7)
    assert roc_auc_score(positives, scores) == pytest.approx(5.5 / 9)


def test_precision_and_recall_are_ratios_of_counts() -> None:
    precision, recall = reference("precision_recall_auc", "metrics").precision_recall(
        torch.tensor([0, 1, 1, 2, 2, 2]), torch.tensor([0, 0, 1, 2, 2, 1]), 3
    )
    assert precision.tolist() == pytest.approx([1, 1 / 2, 2 / 3])
    assert recall.tolist() == pytest.approx([1 / 2, 1 / 2, 1])


# Automatic differentiation


def test_a_variable_is_a_tensor() -> None:
    assert type(Variable(torch.ones(2))) is Tensor
    x = torch.ones(2, requires_grad=True)
    x.sum().backward()
    assert x.grad is not None


def test_a_second_backward_raises_only_where_the_graph_saved_tensors() -> None:
    x = torch.tensor([2.0], requires_grad=True)
    total = x.sum()
    total.backward()
    total.backward()
    cubes = (x**3).sum()
    cubes.backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        cubes.backward()


def test_accumulating_needs_no_retain_graph() -> None:
    x = torch.tensor([2.0], requires_grad=True)
    for times in (1, 2, 3):
        (x**3).sum().backward()
        assert x.grad is not None
        assert x.grad.item() == 12 * times


def test_only_leaves_get_a_gradient() -> None:
    x = torch.ones(2, requires_grad=True)
    between = x * 2
    between.sum().backward()
    assert x.grad is not None
    with pytest.warns(UserWarning, match="not a leaf Tensor"):
        assert between.grad is None


def test_a_misspelled_attribute_is_silently_accepted() -> None:
    x = torch.ones(2)
    x.require_grad = True  # type: ignore[attr-defined]
    assert not x.requires_grad
    with pytest.raises(RuntimeError, match="does not require grad"):
        x.sum().backward()


def test_the_graph_is_one_of_operators_and_as_long_as_the_loop_was() -> None:
    x = torch.tensor(2.0, requires_grad=True)
    y = x
    while y < 10:
        y = y * y
    assert y.grad_fn is not None
    assert y.grad_fn.name() == "MulBackward0"
    assert [node.name() for node, _ in y.grad_fn.next_functions if node] == ["MulBackward0"] * 2
    y.backward()
    assert (y.item(), x.grad) == (16.0, torch.tensor(32.0))


def test_the_derivative_at_a_kink_is_a_convention() -> None:
    for function, expected in [(torch.relu, 0.0), (lambda y: torch.max(y, torch.zeros(1)), 0.5)]:
        x = torch.zeros(1, requires_grad=True)
        function(x).backward()
        assert x.grad is not None
        assert x.grad.item() == expected


def test_log_after_softmax_has_a_wrong_gradient_long_before_it_overflows() -> None:
    def by_hand(gap: float) -> tuple[Tensor, Tensor]:
        logits = torch.tensor([0.0, gap], requires_grad=True)
        powers = torch.exp(logits)
        cost = -torch.log(powers[0] / powers.sum())
        return cost, torch.autograd.grad(cost, logits)[0]

    def at_once(gap: float) -> tuple[Tensor, Tensor]:
        logits = torch.tensor([[0.0, gap]], requires_grad=True)
        cost = nn.functional.cross_entropy(logits, torch.tensor([0]))
        return cost, torch.autograd.grad(cost, logits)[0][0]

    for gap in (10.0, 50.0, 88.75):
        cost, slope = at_once(gap)
        assert cost.item() == pytest.approx(gap, rel=1e-4)
        assert slope.tolist() == pytest.approx([-1.0, 1.0], abs=1e-4)
    assert by_hand(10.0)[1].tolist() == pytest.approx([-1.0, 1.0], abs=1e-4)
    cost, slope = by_hand(50.0)
    assert cost.item() == pytest.approx(50.0)
    assert slope[1].item() > 1.01
    assert by_hand(60.0)[1][1].item() == 0
    assert not by_hand(88.75)[1].isfinite().all()


# Training


def test_the_norms_do_not_converge_to_zero_and_the_residual_falls() -> None:
    course = reference("parameter_norm", "parameter_norm")
    torch.manual_seed(0)
    start = [0.1 * torch.randn(shape) for shape in ((32, 20), (32,), (32, 32), (32,))]
    rates = torch.tensor([course.learning_rate(step) for step in range(1000)])
    result = course.train(*start, torch.randn(1000, 20), rates)
    assert course.converged_to_zero(result["norms"], 0.5) == [False] * 4
    assert result["norms"][-1, 2] > 0.95 * result["norms"][0, 2]
    assert result["residual"][-1] < 0.75 * result["residual"][0]
    before, after = (theta2 - theta2.mean(0) for theta2 in (start[2], result["parameters"][2]))
    torch.testing.assert_close(after, before, rtol=0, atol=1e-5)


def test_with_weight_decay_the_norms_do_converge_to_zero() -> None:
    course = reference("parameter_norm", "parameter_norm")
    torch.manual_seed(0)
    start = [0.1 * torch.randn(shape) for shape in ((32, 20), (32,), (32, 32), (32,))]
    result = course.train(*start, torch.randn(1000, 20), torch.full((1000,), 0.001), weight_decay=10.0)
    assert course.converged_to_zero(result["norms"], 0.001) == [True] * 4


def test_a_variable_of_an_earlier_loop_is_stale() -> None:
    x = torch.tensor(3.0, requires_grad=True)
    cost = x**2
    printed, true = [], []
    for _ in range(4):
        loss = x**2
        (slope,) = torch.autograd.grad(loss, x)
        x = (x - 0.1 * slope).detach().requires_grad_()
        printed.append(cost.item())
        true.append(loss.item())
    assert len(set(printed)) == 1
    assert true == sorted(true, reverse=True)
    assert len(set(true)) == 4


def test_accuracy_on_the_training_samples_says_nothing_of_others() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 2))
    inputs, labels = torch.randn(40, 20), torch.randint(0, 2, (40,))
    fit(net, inputs, labels, 60)
    assert accuracy(net(inputs), labels) == 1.0
    # The labels are coins: nothing could be learned.
    assert accuracy(net(torch.randn(2000, 20)), torch.randint(0, 2, (2000,))) == pytest.approx(0.5, abs=0.05)


def test_average_predictions_and_not_parameters() -> None:
    torch.manual_seed(7)
    (inputs, labels), (others, right) = toy(500), toy(2000)
    nets = [network(seed) for seed in range(5)]
    for net in nets:
        fit(net, inputs, labels, 200)
    mean = network(0)
    mean.load_state_dict(
        {name: torch.stack([net.state_dict()[name] for net in nets]).mean(0) for name in mean.state_dict()}
    )
    with torch.no_grad():
        alone = [accuracy(net(others), right) for net in nets]
        predictions = accuracy(torch.stack([net(others).softmax(1) for net in nets]).mean(0), right)
        parameters = accuracy(mean(others), right)
    assert min(alone) > 0.96
    assert predictions > min(alone)
    assert parameters < min(alone) - 0.03


def test_two_networks_that_agree_on_everything_have_a_mean_that_does_not() -> None:
    net, turned, mean = network(0), network(0), network(0)
    order = torch.arange(12).roll(1)
    first, last = net[0], net[2]
    turned.load_state_dict(
        {
            "0.weight": first.weight[order],
            "0.bias": first.bias[order],
            "2.weight": last.weight[:, order],
            "2.bias": last.bias,
        }
    )
    mean.load_state_dict({k: (net.state_dict()[k] + turned.state_dict()[k]) / 2 for k in net.state_dict()})
    inputs, _ = toy(200)
    with torch.no_grad():
        torch.testing.assert_close(turned(inputs), net(inputs))
        assert (mean(inputs) - net(inputs)).abs().max() > 0.1


def test_the_classes_of_the_toy_problem_are_not_equally_frequent() -> None:
    torch.manual_seed(0)
    _, labels = toy(100_000)
    shares = torch.bincount(labels) / len(labels)
    torch.testing.assert_close(shares, torch.tensor([0.25, 0.5, 0.25]), rtol=0, atol=0.01)


def test_a_network_of_zeros_stays_at_the_most_frequent_class() -> None:
    torch.manual_seed(0)
    inputs, labels = toy(1000)
    net = network(0)
    for parameter in net.parameters():
        nn.init.zeros_(parameter)
    fit(net, inputs, labels, 50)
    assert not net[0].weight.any()
    assert accuracy(net(inputs), labels) == float(torch.bincount(labels).max()) / len(labels)


def test_accuracy_one_by_one_is_accuracy_at_once() -> None:
    torch.manual_seed(0)
    net = network(0)
    inputs, labels = toy(300)
    one_by_one = [int(net(x).argmax()) == int(label) for x, label in zip(inputs, labels, strict=True)]
    assert sum(one_by_one) / 300 == pytest.approx(accuracy(net(inputs), labels))


def test_one_accuracy_is_one_draw_of_many() -> None:
    torch.manual_seed(7)
    (inputs, labels), (others, right) = toy(500), toy(2000)
    found = []
    for seed in range(3):
        net = network(seed)
        fit(net, inputs, labels, 100)
        found.append(accuracy(net(others), right))
    assert len(set(found)) == 3
    assert min(found) > 0.9


# The last listings


def test_arrays_have_no_cuda() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'cuda'"):
        np.zeros(2).cuda()  # type: ignore[attr-defined]


def test_a_scalar_has_no_first_element() -> None:
    loss = torch.tensor(3.0)
    with pytest.raises(IndexError, match="invalid index of a 0-dim tensor"):
        loss.data[0]
    assert loss.item() == 3.0


# The page


def test_the_page_names_every_test_of_this_file_and_no_other() -> None:
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    here = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    named = re.findall(r"`(test_\w+)`", PAGE.read_text(encoding="utf-8"))
    assert sorted(named) == sorted(here - {"test_the_page_names_every_test_of_this_file_and_no_other"})
