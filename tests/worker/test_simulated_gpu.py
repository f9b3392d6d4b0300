"""What works and what fails on a GPU works and fails on the simulated one.

`install` changes PyTorch for good, so each test runs in a process of its own, forked from one that has imported PyTorch
and has not computed, as a worker is. That process is this file run as a program; it is told which tests to run.
"""

import copy
import importlib
import io
import json
import os
import pickle
import subprocess
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

ROOT = Path(__file__).parents[2]
TWO_DEVICES = "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
SEED = 17
_BODIES: dict[str, Callable[[], None]] = {}

Run = Callable[[str], None]


def on_simulated_gpu(body: Callable[[], None]) -> Callable[[Run], None]:
    """Make a test of a function that is to run where a GPU is simulated."""
    _BODIES[body.__name__] = body

    def test(run_on_simulated_gpu: Run) -> None:
        run_on_simulated_gpu(body.__name__)

    test.__name__, test.__doc__ = body.__name__, body.__doc__
    return test


@pytest.fixture(scope="module")
def run_on_simulated_gpu() -> Iterator[Run]:
    """Run a test by name in a fresh process with a simulated GPU."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, __file__]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        requests, replies = process.stdin, process.stdout

        def run(name: str) -> None:
            requests.write(name + "\n")
            requests.flush()
            failure = json.loads(replies.readline())
            if failure:
                pytest.fail(failure, pytrace=False)

        yield run
        requests.close()


def _serve() -> None:
    importlib.import_module("torch._dynamo")  # Otherwise the first optimizer of each test would.
    replies = os.dup(1)
    os.dup2(2, 1)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.write(replies, json.dumps(_failure(line.strip())).encode() + b"\n")
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if status:
            os.write(replies, json.dumps(f"the process died with status {status}").encode() + b"\n")


def _failure(name: str) -> str:
    from autograder.worker import simulated_gpu

    warnings.simplefilter("error")
    try:
        torch.manual_seed(SEED)
        simulated_gpu.install()
        _BODIES[name]()
    except BaseException:
        return traceback.format_exc()
    return ""


class Net(nn.Module):
    """Two layers behind a fixed normalisation; `mean` moves with the network only where it is a buffer."""

    def __init__(self, buffer: bool = True) -> None:
        super().__init__()
        if buffer:
            self.register_buffer("mean", torch.tensor([0.5, 0.5]))
        else:
            self.mean = torch.tensor([0.5, 0.5])
        self.layers = nn.Sequential(nn.Linear(2, 12), nn.ReLU(), nn.Linear(12, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layers((x - self.mean) / 0.29)


def data() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return torch.rand(40, 2, generator=generator), torch.randint(0, 3, (40,), generator=generator)


def train(device: str, make: Callable[..., torch.optim.Optimizer], move_last: bool = False) -> list[float]:
    """Return the losses of a few steps; the optimizer is made before the network moves where `move_last`."""
    torch.manual_seed(0)
    net, (inputs, labels) = Net(), data()
    inputs, labels = inputs.to(device), labels.to(device)
    if not move_last:
        net.to(device)
    optimizer = make(net.parameters())
    net.to(device)
    losses = []
    for _ in range(8):
        optimizer.zero_grad()
        loss = functional.cross_entropy(net(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    return losses


def same(actual: torch.Tensor, expected: torch.Tensor) -> bool:
    """Is it on the device, with exactly these values, shape and dtype?"""
    return actual.is_cuda and actual.dtype == expected.dtype and torch.equal(actual.cpu(), expected)


# Training


@on_simulated_gpu
def test_training_gives_the_losses_of_the_cpu_to_the_last_bit() -> None:
    optim = torch.optim
    for make in (
        lambda p: optim.SGD(p, lr=0.5, momentum=0.9),
        lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01, foreach=True),
        lambda p: optim.Adam(p, lr=0.01),
        lambda p: optim.Adam(p, lr=0.01, fused=True),
        lambda p: optim.AdamW(p, lr=0.01, foreach=True),
        lambda p: optim.RMSprop(p, lr=0.01, centered=True),
        lambda p: optim.Adadelta(p),
    ):
        expected = train("cpu", make)
        assert train("cuda", make) == expected
        assert train("cuda", make, move_last=True) == expected


@on_simulated_gpu
def test_adagrad_made_before_the_move_fails_because_its_state_stays_behind() -> None:
    assert train("cuda", torch.optim.Adagrad) == train("cpu", torch.optim.Adagrad)
    with pytest.raises(RuntimeError, match=TWO_DEVICES):
        train("cuda", torch.optim.Adagrad, move_last=True)


@on_simulated_gpu
def test_layers_give_the_values_and_gradients_of_the_cpu() -> None:
    image, tokens = torch.rand(2, 3, 8, 8), torch.tensor([[1, 2], [0, 1]])
    sequence = torch.rand(2, 5, 3)
    for layer, inputs, exact in (
        (nn.Conv2d(3, 4, 3), image, True),
        (nn.BatchNorm2d(3), image, True),
        (nn.MaxPool2d(2), image, True),
        (nn.LayerNorm(8), image, True),
        (nn.Dropout(0.5), image, True),
        (nn.Embedding(3, 2), tokens, True),
        (nn.LSTM(3, 4, batch_first=True), sequence, False),
        (nn.MultiheadAttention(4, 2), torch.rand(5, 1, 4), False),
    ):
        there = copy.deepcopy(layer).cuda()
        outputs = []
        for net, x in ((layer, inputs), (there, inputs.cuda())):
            torch.manual_seed(0)
            arguments = (x, x, x) if isinstance(net, nn.MultiheadAttention) else (x,)
            output = net(*arguments)
            outputs.append(output[0] if isinstance(output, tuple) else output)
            if any(True for _ in net.parameters()):
                outputs[-1].square().sum().backward()
        pairs = [(outputs[1], outputs[0])]
        pairs += [(p.grad, q.grad) for p, q in zip(there.parameters(), layer.parameters(), strict=True)]
        for actual, expected in pairs:
            assert actual.is_cuda
            torch.testing.assert_close(actual.cpu(), expected, rtol=0 if exact else None, atol=0 if exact else None)


@on_simulated_gpu
def test_autograd_accumulates_differentiates_twice_and_runs_hooks() -> None:
    x = torch.tensor([1.0, 2.0], device="cuda", requires_grad=True)
    seen = []
    x.register_hook(lambda gradient: seen.append(gradient.device))
    y = (x**3).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert same(x.grad, torch.tensor([6.0, 24.0]))
    assert seen == [x.device] * 2
    (first,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x)
    assert same(second, torch.tensor([6.0, 12.0]))
    assert same(torch.func.grad(lambda z: (z**2).sum())(x.detach()), torch.tensor([2.0, 4.0]))


@on_simulated_gpu
def test_gradients_flow_back_through_a_move() -> None:
    x = torch.tensor([1.0, 3.0], requires_grad=True)
    (x.cuda() * 2).max().cpu().backward()
    assert type(x.grad) is torch.Tensor
    assert x.grad.tolist() == [0, 2]


@on_simulated_gpu
def test_a_student_can_write_an_autograd_function() -> None:
    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, gradient):
            (x,) = ctx.saved_tensors
            return 2 * x * gradient

    x = torch.tensor([1.0, 2.0], device="cuda", requires_grad=True)
    Square.apply(x).sum().backward()
    assert same(x.grad, torch.tensor([2.0, 4.0]))


# Mistakes


@on_simulated_gpu
def test_labels_left_on_the_cpu_fail() -> None:
    inputs, labels = data()
    with pytest.raises(RuntimeError, match="got target is on cpu, different from other tensors on cuda:0"):
        functional.cross_entropy(Net().cuda()(inputs.cuda()), labels)


@on_simulated_gpu
def test_moving_only_the_model_fails() -> None:
    with pytest.raises(RuntimeError, match=TWO_DEVICES):
        Net().cuda()(data()[0])
    with pytest.raises(RuntimeError, match="got mat1 is on cpu, different from other tensors on cuda:0"):
        nn.Linear(2, 3).cuda()(data()[0])
    with pytest.raises(
        RuntimeError, match=r"Input type \(torch.FloatTensor\) and weight type \(torch.cuda.FloatTensor"
    ):
        nn.Conv2d(1, 1, 1).cuda()(torch.rand(1, 1, 2, 2))
    with pytest.raises(RuntimeError, match=r"got index is on cpu, .* in method wrapper_CUDA__index_select"):
        nn.Embedding(3, 2).cuda()(torch.tensor([1]))


@on_simulated_gpu
def test_moving_only_the_data_fails() -> None:
    with pytest.raises(RuntimeError, match=TWO_DEVICES):
        Net()(data()[0].cuda())
    with pytest.raises(RuntimeError, match="got mat1 is on cuda:0, different from other tensors on cpu"):
        nn.Linear(2, 3)(data()[0].cuda())
    with pytest.raises(RuntimeError, match=r"got weight is on cpu, .* in method wrapper_CUDA__native_layer_norm"):
        nn.LayerNorm(2)(data()[0].cuda())


@on_simulated_gpu
def test_a_tensor_created_on_the_cpu_in_forward_fails() -> None:
    class Noisy(Net):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return super().forward(x + torch.zeros(len(x), 2))

    with pytest.raises(RuntimeError, match=TWO_DEVICES):
        Noisy().cuda()(data()[0].cuda())


@on_simulated_gpu
def test_a_plain_attribute_where_a_buffer_was_needed_fails() -> None:
    inputs = data()[0].cuda()
    assert Net(buffer=True).cuda()(inputs).is_cuda
    with pytest.raises(RuntimeError, match=TWO_DEVICES):
        Net(buffer=False).cuda()(inputs)


@on_simulated_gpu
def test_a_move_that_is_not_assigned_does_nothing() -> None:
    inputs, net = data()[0], Net().cuda()
    inputs.to("cuda")
    with pytest.raises(RuntimeError, match=TWO_DEVICES):
        net(inputs)


@on_simulated_gpu
def test_numpy_without_cpu_fails() -> None:
    x = torch.ones(2, device="cuda")
    for convert in (lambda t: t.numpy(), np.asarray, np.array):
        with pytest.raises(TypeError, match=r"can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu\(\) to"):
            convert(x)
    assert x.cpu().numpy().tolist() == [1, 1]


@on_simulated_gpu
def test_results_left_on_the_device_are_seen_to_be_there() -> None:
    from autograder.worker import simulated_gpu

    result = torch.ones(2).cuda() + torch.ones(2).cuda()
    assert str(result.device) == "cuda:0"
    assert simulated_gpu.is_simulated(result)
    assert not simulated_gpu.is_simulated(result.cpu())
    with pytest.raises(RuntimeError, match=TWO_DEVICES):
        result + torch.ones(2)


@on_simulated_gpu
def test_what_may_not_mix_devices_fails() -> None:
    there, here = torch.ones(3, device="cuda"), torch.ones(3)
    for mix in (
        lambda: there + here,
        lambda: here * there[0],
        lambda: here.add_(there),
        lambda: there.add_(here),
        lambda: torch.tensor(1.0).add_(there[0]),
        lambda: torch.cat([there, here]),
        lambda: torch.stack([here, there]),
        lambda: torch.dot(there, here),
        lambda: torch.where(there > 0, here, there),
        lambda: here.gather(0, torch.zeros(3, dtype=torch.long, device="cuda")),
        lambda: functional.mse_loss(there, here),
        lambda: torch.add(there, there, out=here),
        lambda: torch.allclose(there, here),
    ):
        with pytest.raises(RuntimeError, match="Expected all tensors to be on the same device"):
            mix()
    with pytest.raises(RuntimeError, match="indices should be either on cpu or on the same device as the indexed"):
        here[torch.tensor([0], device="cuda")]


@on_simulated_gpu
def test_what_may_mix_devices_works() -> None:
    there, here = torch.ones(3, device="cuda"), torch.zeros(3)
    scalar = torch.tensor(2.0)
    assert same(there * scalar, torch.full((3,), 2.0))
    assert same(scalar - there, torch.ones(3))
    assert same(torch.where(there > 0, scalar, torch.tensor(0.0)), torch.full((3,), 2.0))
    assert same(there[torch.tensor([0, 2])], torch.ones(2))
    there[torch.tensor([True, False, False])] = scalar
    here[0] = there[0]
    assert here.tolist() == [2, 0, 0]
    assert same(there.copy_(here), torch.tensor([2.0, 0.0, 0.0]))
    assert torch.arange(4)[there[0].long()] == 2


# Tensors


@on_simulated_gpu
def test_every_way_to_name_the_device_moves_a_tensor_there_and_back() -> None:
    here = torch.tensor([1.0, 2.0])
    there = here.cuda()
    cuda = torch.device("cuda")
    for device in ("cuda", "cuda:0", cuda, torch.device("cuda", 0), 0):
        assert same(here.to(device), here)
        assert same(here.to(device, non_blocking=True), here)
        assert same(here.to(device, torch.float64), here.double())
        assert same(here.cuda(device), here)
        assert there.to(device) is there
    assert there.cuda() is there
    assert same(here.to(there), here)
    assert same(here.to(device="cuda", copy=True), here)
    back = there.to("cpu")
    back[0] = 5
    assert same(there, here)
    assert type(there.cpu()) is torch.Tensor


@on_simulated_gpu
def test_every_factory_makes_tensors_on_the_device() -> None:
    for device in ("cuda", torch.device("cuda:0")):
        assert same(torch.zeros(2, 3, device=device), torch.zeros(2, 3))
        assert same(torch.ones(2, device=device, dtype=torch.int32), torch.ones(2, dtype=torch.int32))
        assert same(torch.full((2,), 7.0, device=device), torch.full((2,), 7.0))
        assert torch.empty(4, device=device).is_cuda
        assert same(torch.arange(3, device=device), torch.arange(3))
        assert same(torch.linspace(0, 1, 5, device=device), torch.linspace(0, 1, 5))
        assert same(torch.eye(3, device=device), torch.eye(3))
        assert same(torch.tril_indices(3, 3, device=device), torch.tril_indices(3, 3))
        assert same(torch.tensor([[1, 2], [3, 4]], device=device), torch.tensor([[1, 2], [3, 4]]))
        assert same(torch.tensor(np.ones(2), device=device), torch.ones(2, dtype=torch.float64))
        assert same(torch.as_tensor([1.5], device=device), torch.tensor([1.5]))
        assert torch.zeros(1, device=device, requires_grad=True).requires_grad
    x = torch.tensor([1.0, 2.0], device="cuda")
    assert same(torch.zeros_like(x), torch.zeros(2))
    assert same(torch.full_like(torch.ones(2), 3.0, device="cuda"), torch.full((2,), 3.0))
    assert type(torch.ones_like(x, device="cpu")) is torch.Tensor
    assert same(x.new_tensor([1, 2]), torch.tensor([1.0, 2.0]))
    assert same(x.new_zeros(2), torch.zeros(2))
    assert same(x.new([4, 5]), torch.tensor([4.0, 5.0]))
    assert torch.tensor([x[0], x[1]]).tolist() == [1, 2]
    assert same(functional.one_hot(torch.tensor([1, 0], device="cuda"), 3), torch.tensor([[0, 1, 0], [1, 0, 0]]))


@on_simulated_gpu
def test_the_device_can_be_the_default() -> None:
    with torch.device("cuda"):
        assert same(torch.tensor([1, 2]), torch.tensor([1, 2], device="cpu"))
        assert nn.Linear(2, 2).weight.is_cuda
    torch.set_default_device("cuda")
    assert torch.ones(2).is_cuda
    assert torch.as_tensor([1.0]).is_cuda
    assert torch.ones(2, device="cpu").device.type == "cpu"


@on_simulated_gpu
def test_indexing_reads_and_writes_the_right_values() -> None:
    here = torch.arange(20.0).reshape(5, 4)
    for index in (
        0, -1, slice(1, 3), (slice(None), 1), [0, 2], ([0, 1], [2, 3]), (slice(None), [0, 1]), range(2), [],
        np.array([1, 2]), [True, False, True, False, True], (..., [1]), None, (np.int64(1), 2), torch.tensor([3, 1]),
    ):  # fmt: skip
        there = here.cuda()
        assert same(there[index], here[index]), index
        changed = here.clone()
        changed[index] = there[index] = 7.0
        assert same(there, changed), index
    there = here.cuda()
    there[there > 5] = 0
    assert same(there, torch.where(here > 5, 0.0, here))


@on_simulated_gpu
def test_views_share_memory_and_writing_in_place_is_seen() -> None:
    x = torch.zeros(2, 3, device="cuda")
    row, flat = x[0], x.view(-1)
    row += 1
    flat[5] = 9
    assert same(x, torch.tensor([[1.0, 1, 1], [0, 0, 9]]))
    assert x.clone().unsqueeze_(0).shape == (1, 2, 3)
    out = torch.empty(0, device="cuda")
    assert torch.add(row, row, out=out) is out
    assert same(out, torch.full((3,), 2.0))
    one = torch.ones(1, 2, 2, device="cuda")
    assert torch.zeros(1, device="cuda").addbmm_(one, one).shape == (2, 2)
    weight = torch.ones(2, device="cuda", requires_grad=True)
    y = weight * weight
    with torch.no_grad():
        weight += 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


@on_simulated_gpu
def test_a_tensor_prints_and_converts_as_on_cuda() -> None:
    x = torch.tensor([1.5, 2.0], device="cuda")
    assert repr(x) == "tensor([1.5000, 2.0000], device='cuda:0')"
    assert repr(x.double()) == "tensor([1.5000, 2.0000], device='cuda:0', dtype=torch.float64)"
    assert (
        repr(nn.Parameter(x)) == "Parameter containing:\ntensor([1.5000, 2.0000], device='cuda:0', requires_grad=True)"
    )
    assert "grad_fn=<MulBackward0>" in repr(nn.Parameter(x) * 2)
    assert float(x[0]) == x[0].item() == 1.5
    assert f"{x[0]:.3f}" == "1.500"
    assert x.tolist() == [1.5, 2.0]
    assert [int(part) for part in x] == [1, 2]
    assert bool(x[0] > 1)
    assert isinstance(x, torch.Tensor)
    assert (type(x).__name__, x.type(), x.get_device()) == ("Tensor", "torch.cuda.FloatTensor", 0)
    assert (x.is_cuda, x.is_cpu, x.is_meta) == (True, False, False)
    assert x.device == torch.device("cuda", 0)


@on_simulated_gpu
def test_complex_numbers_are_conjugated() -> None:
    z = torch.tensor([1 + 2j, 3 - 1j])
    assert same(z.cuda().conj() * 1, z.conj() * 1)
    assert same(torch.view_as_real(z.cuda().conj()), torch.tensor([[1.0, -2.0], [3.0, 1.0]]))
    assert same(z.cuda().conj().imag, torch.tensor([-2.0, 1.0]))


@on_simulated_gpu
def test_an_encoded_reply_has_the_values_as_a_plain_tensor() -> None:
    from autograder.worker.simulated_gpu import to_cpu

    for tensor in (
        nn.Parameter(torch.ones(2, device="cuda")),
        torch.ones(2, device="cuda"),
        nn.Parameter(torch.ones(2)),
    ):
        plain = to_cpu(tensor)
        assert type(plain) is torch.Tensor
        assert not plain.requires_grad
        assert plain.device.type == "cpu"
        assert plain.numpy().tolist() == [1, 1]


@on_simulated_gpu
def test_a_sparse_result_says_that_it_is_not_simulated() -> None:
    with pytest.raises(
        NotImplementedError, match=r"has dense tensors only\. Use a dense tensor, or do this step on the CPU"
    ):
        torch.eye(2, device="cuda").to_sparse()


@on_simulated_gpu
def test_another_thread_sees_the_device() -> None:
    found = []
    thread = threading.Thread(target=lambda: found.append(torch.zeros(2, device="cuda") + 1))
    thread.start()
    thread.join()
    assert same(found[0], torch.ones(2))


# Modules, data and files


@on_simulated_gpu
def test_a_module_keeps_its_parameters_when_it_moves() -> None:
    net = Net()
    before = list(net.parameters())
    net(data()[0]).sum().backward()
    expected = [p.grad.clone() for p in before]
    alive = net(data()[0])
    for move, device in ((net.cuda, "cuda"), (net.cpu, "cpu"), (lambda: net.to("cuda"), "cuda")):
        assert move() is net
        after = list(net.parameters())
        assert all(p is q for p, q in zip(before, after, strict=True))
        assert all(isinstance(p, nn.Parameter) and p.requires_grad and p.device.type == device for p in after)
        assert all(torch.equal(p.grad.cpu(), g) for p, g in zip(after, expected, strict=True))
        assert net.mean.device.type == device
    assert alive.grad_fn is not None
    assert type(nn.Linear(2, 2).cuda().cpu().weight) is nn.Parameter


@on_simulated_gpu
def test_tied_weights_stay_tied() -> None:
    embedding, head = nn.Embedding(3, 2), nn.Linear(2, 3, bias=False)
    head.weight = embedding.weight
    both = nn.ModuleList([embedding, head]).to("cuda")
    assert both[0].weight is both[1].weight
    assert len(list(both.parameters())) == 1


@on_simulated_gpu
def test_data_can_be_assigned_within_and_across_devices() -> None:
    parameter = nn.Parameter(torch.ones(2))
    parameter.data = parameter.data.cuda()
    parameter.data = parameter.data * 3
    parameter.data.add_(1)
    assert same(parameter.detach(), torch.full((2,), 4.0))
    parameter.data = torch.zeros(3)
    assert type(parameter) is nn.Parameter
    assert parameter.tolist() == [0, 0, 0]


@on_simulated_gpu
def test_a_hook_and_an_attribute_survive_a_move() -> None:
    net, seen = nn.Linear(2, 1), []
    net.weight.register_hook(lambda gradient: seen.append(gradient.is_cuda))
    net.weight.note = "mine"
    net.cuda()(torch.ones(2, device="cuda")).sum().backward()
    assert seen == [True]
    assert net.weight.note == "mine"


@on_simulated_gpu
def test_a_lazy_module_may_move_before_it_knows_its_shape() -> None:
    net = nn.Sequential(nn.LazyLinear(3), nn.LazyBatchNorm1d()).to("cuda")
    assert net(torch.rand(4, 2, device="cuda")).is_cuda
    assert all(p.is_cuda and isinstance(p, nn.Parameter) for p in net.parameters())


@on_simulated_gpu
def test_a_deep_copy_is_independent_and_on_the_device() -> None:
    net = Net().cuda()
    net(data()[0].cuda()).sum().backward()
    twin = copy.deepcopy(net)
    with torch.no_grad():
        twin.layers[0].weight.zero_()
    assert net.layers[0].weight.abs().sum() > 0
    assert same(twin.layers[0].weight.grad, net.layers[0].weight.grad.cpu())
    assert len(list(twin.parameters())) == 4
    with pytest.raises(RuntimeError, match="graph leaves"):
        copy.deepcopy(net.layers[0].weight * 2)


@on_simulated_gpu
def test_a_checkpoint_is_saved_and_loaded_on_either_device() -> None:
    net = Net().cuda()
    there, here = io.BytesIO(), io.BytesIO()
    torch.save(net.state_dict(), there)
    torch.save(copy.deepcopy(net).cpu().state_dict(), here)
    weight = "layers.0.weight"

    def load(file, **where):
        file.seek(0)
        return torch.load(file, weights_only=True, **where)[weight]

    expected = net.layers[0].weight.detach().cpu()
    assert same(load(there), expected)
    assert same(load(here, map_location="cuda"), expected)
    assert same(load(here, map_location=torch.device("cuda:0")), expected)
    for state in (load(here), load(there, map_location="cpu"), load(there, map_location={"cuda:0": "cpu"})):
        assert type(state) is torch.Tensor
        assert torch.equal(state, expected)
    with pytest.raises(RuntimeError, match=r"on CUDA device 1 but torch.cuda.device_count\(\) is 1"):
        load(here, map_location="cuda:1")


@on_simulated_gpu
def test_a_file_says_that_its_tensors_were_on_cuda() -> None:
    file = io.BytesIO()
    torch.save(torch.ones(2, device="cuda"), file)
    assert b"cuda:0" in file.getvalue()


@on_simulated_gpu
def test_a_whole_module_can_be_pickled() -> None:
    net = pickle.loads(pickle.dumps(nn.Linear(2, 2).cuda()))
    assert net.weight.is_cuda
    assert isinstance(net.weight, nn.Parameter)


@on_simulated_gpu
def test_state_dicts_load_across_devices() -> None:
    here, there = Net(), Net().cuda()
    there.load_state_dict(here.state_dict())
    assert same(there.layers[0].weight.detach(), here.layers[0].weight.detach())
    here.load_state_dict({name: value + 1 for name, value in there.state_dict().items()})
    assert type(here.layers[0].weight.data) is torch.Tensor
    assert torch.equal(here.layers[0].bias, there.layers[0].bias.cpu() + 1)


@on_simulated_gpu
def test_an_optimizer_state_loads_across_devices() -> None:
    net = nn.Linear(2, 1)
    adam = torch.optim.Adam(net.parameters())
    net(torch.ones(2)).sum().backward()
    adam.step()
    net.cuda()
    resumed = torch.optim.Adam(net.parameters())
    resumed.load_state_dict(adam.state_dict())
    net(torch.ones(2, device="cuda")).sum().backward()
    resumed.step()
    assert resumed.state[net.weight]["exp_avg"].is_cuda


@on_simulated_gpu
def test_a_data_loader_pins_memory() -> None:
    inputs, labels = data()
    dataset = torch.utils.data.TensorDataset(inputs, labels)
    loader = torch.utils.data.DataLoader(dataset, batch_size=10, pin_memory=True)
    batches = [(x.is_pinned(), x.to("cuda", non_blocking=True)) for x, _ in loader]
    assert all(pinned for pinned, _ in batches)
    assert same(torch.cat([x for _, x in batches]), inputs)
    assert not inputs.is_pinned()
    with pytest.raises(RuntimeError, match=r"cannot pin 'torch.cuda.FloatTensor' only dense CPU tensors can be pinned"):
        batches[0][1].pin_memory()


# torch.cuda


@on_simulated_gpu
def test_torch_cuda_answers_as_with_one_gpu() -> None:
    cuda = torch.cuda
    assert (cuda.is_available(), cuda.device_count(), cuda.current_device()) == (True, 1, 0)
    assert "Simulated" in cuda.get_device_name()
    assert cuda.get_device_properties(0).total_memory == cuda.mem_get_info()[1]
    assert cuda.get_device_capability() == (8, 0)
    assert "memory summary" in cuda.memory_summary()
    cuda.init()
    cuda.set_device("cuda:0")
    cuda.synchronize()
    cuda.empty_cache()
    with cuda.device(0):
        assert torch.ones(1, device="cuda").is_cuda
    assert torch.accelerator.current_accelerator() == torch.device("cuda")
    assert torch.accelerator.device_count() == 1


@on_simulated_gpu
def test_a_second_gpu_does_not_exist() -> None:
    x = torch.ones(2, device="cuda")
    for use in (
        lambda: torch.zeros(2, device="cuda:1"),
        lambda: torch.ones(2).to("cuda:1"),
        lambda: torch.ones(2).cuda(1),
        lambda: x.to(torch.device("cuda", 1)),
        lambda: nn.Linear(2, 2).to("cuda:1"),
        lambda: torch.tensor([1.0], device="cuda:1"),
        lambda: torch.cuda.set_device(1),
        lambda: torch.Generator("cuda:1"),
    ):
        with pytest.raises(RuntimeError, match="CUDA error: invalid device ordinal"):
            use()


@on_simulated_gpu
def test_memory_is_counted_while_tensors_live() -> None:
    before = torch.cuda.memory_allocated()
    kept = torch.zeros(1000, device="cuda")
    view = kept[:10]
    assert torch.cuda.memory_allocated() - before == 4000
    del kept, view
    assert torch.cuda.memory_allocated() == before
    assert torch.cuda.max_memory_allocated() >= before + 4000


@on_simulated_gpu
def test_streams_and_events_can_be_used() -> None:
    stream = torch.cuda.Stream()
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    with torch.cuda.stream(stream):
        start.record()
        assert torch.cuda.current_stream() == stream
        end.record()
    torch.cuda.current_stream().wait_stream(stream)
    assert torch.cuda.current_stream() == torch.cuda.default_stream()
    assert start.elapsed_time(end) >= 0
    with pytest.raises(ValueError, match="Both events must be recorded"):
        start.elapsed_time(torch.cuda.Event(enable_timing=True))


@on_simulated_gpu
def test_mixed_precision_code_runs() -> None:
    net, (inputs, labels) = Net().cuda(), data()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cuda")
    for _ in range(2):
        optimizer.zero_grad()
        with torch.autocast(device_type="cuda", dtype=torch.float16):
            loss = functional.cross_entropy(net(inputs.cuda()), labels.cuda())
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
    assert loss.isfinite()


@on_simulated_gpu
def test_compiled_code_runs() -> None:
    x = torch.ones(2, device="cuda")
    assert torch.compile(nn.Linear(2, 2).cuda())(x).is_cuda
    assert same(torch.compile(mode="reduce-overhead")(lambda z: z + 1)(x), torch.full((2,), 2.0))


# Random numbers


@on_simulated_gpu
def test_a_seed_draws_on_the_device_what_it_draws_on_the_cpu() -> None:
    for function in (
        lambda device: torch.randn(5, device=device),
        lambda device: torch.randperm(5, device=device),
        lambda device: torch.randint(0, 9, (5,), device=device),
        lambda device: torch.rand_like(torch.empty(5, device=device)),
        lambda device: functional.dropout(torch.ones(50, device=device)),
        lambda device: torch.bernoulli(torch.full((50,), 0.5, device=device)),
        lambda device: nn.init.kaiming_uniform_(torch.empty(3, 3, device=device)),
        lambda device: torch.multinomial(torch.ones(5, device=device), 2),
    ):
        torch.manual_seed(3)
        expected = function("cpu")
        torch.manual_seed(3)
        assert same(function("cuda"), expected)


@on_simulated_gpu
def test_the_device_does_not_advance_the_generator_of_the_cpu() -> None:
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    torch.rand(3, device="cuda")
    torch.rand_like(torch.ones(3, device="cuda"))
    functional.dropout(torch.ones(9, device="cuda"))
    assert torch.equal(torch.rand(3), expected)


@on_simulated_gpu
def test_the_device_can_be_seeded_and_its_state_restored() -> None:
    torch.cuda.manual_seed(5)
    first = torch.rand(3, device="cuda")
    torch.cuda.manual_seed_all(5)
    state = torch.cuda.get_rng_state()
    assert torch.equal(torch.rand(3, device="cuda"), first)
    torch.cuda.set_rng_state(state)
    assert torch.equal(torch.rand(3, device="cuda"), first)
    assert torch.cuda.initial_seed() == 5


@on_simulated_gpu
def test_the_device_starts_from_the_last_seed() -> None:
    assert torch.cuda.initial_seed() == SEED
    assert same(torch.rand(3, device="cuda"), torch.rand(3))


@on_simulated_gpu
def test_a_generator_belongs_to_one_device() -> None:
    generator = torch.Generator(device="cuda").manual_seed(4)
    assert generator.device == torch.device("cuda:0")
    expected = torch.rand(3, generator=torch.Generator().manual_seed(4))
    assert same(torch.rand(3, device="cuda", generator=generator), expected)
    assert isinstance(torch.default_generator, torch.Generator)
    with pytest.raises(RuntimeError, match="Expected a 'cuda' device type for generator but found 'cpu'"):
        torch.rand(3, device="cuda", generator=torch.Generator())


@on_simulated_gpu
def test_the_cpu_is_left_as_it_was() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    (x * 2).sum().backward()
    assert type(x * 2) is type(x.data) is type(x.grad) is torch.Tensor
    assert x.grad.tolist() == [2, 2]
    assert x.to("cpu") is x
    assert x.detach().numpy().tolist() == [1, 2]
    net = nn.Linear(2, 2)
    weight = net.weight
    assert net.double().weight is weight
    assert weight.dtype == torch.float64


if __name__ == "__main__":
    _serve()
