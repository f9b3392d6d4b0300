"""Public tests: a few small cases to check your work with. The hidden ones look further.

    autograder check                as your answer is graded
    pytest test_public.py           without the grader
"""

import pytest
import torch

# A network with two hidden units, and one sample.
TENSORS = [
    torch.tensor([[1.0, -1.0], [0.0, 1.0]]),
    torch.tensor([0.0, 0.0]),
    torch.tensor([[1.0, 0.0, -1.0], [0.0, 2.0, 0.0]]),
    torch.tensor([0.0, 0.5, 0.0]),
]
# One without hidden units, for the training.
THETA, BIAS = torch.tensor([[1.0, -1.0, 0.0], [0.0, 1.0, -1.0]]), torch.tensor([0.0, 0.5, 0.0])
X, LABEL = torch.tensor([[0.8, 0.4]]), torch.tensor([1])

# The worked example of the handout: θ = 1, gradients 2 and 1, rate 0.1.
MOMENTA = [("momentum", (0.9,), (0.8, 0.52)), ("nesterov", (0.9,), (0.62, 0.268))]
DECAY = [("weight_decay", (0.5,), (0.75, 0.6125))]
ADAPTIVE = [
    ("adagrad", (1e-8,), (0.9, 0.8553)),
    ("rmsprop", (0.9, 1e-8), (0.6838, 0.5363)),
    ("adadelta", (0.9, 0.01), (0.9688, 0.9483)),
    ("adam", (0.9, 0.99, 1e-8), (0.9, 0.8067)),
    ("adamw", (0.9, 0.99, 1e-8, 0.5), (0.85, 0.7142)),
]

HISTORY = {"training loss": [1.0, 0.5, 0.25, 0.125], "validation loss": [1.0, 0.75]}


def follow(student, compare, name, settings, expected):
    """Take the two steps of the worked example, on two numbers at once."""
    theta, state = torch.tensor([1.0, 1.0]), {}
    for step, (gradient, value) in enumerate(zip((2.0, 1.0), expected, strict=True), start=1):
        theta, state = getattr(student, name)(theta, torch.tensor([gradient, gradient]), state, 0.1, *settings)
        compare.close(theta, [value, value], atol=1e-4, what=f"the parameter after step {step} of {name}")


@pytest.mark.task(1)
@pytest.mark.hint("nn.Linear stores its weight as (outputs, inputs).")
def test_logits_of_the_network(student, compare):
    """The network gives the logits of its tensors."""
    compare.close(student.network(*TENSORS)(X), [[0.8, 0.5, -0.8]], what="the output of the network")


@pytest.mark.task(1)
@pytest.mark.hint("Is a parameter a copy of the tensor, or the tensor itself?")
def test_the_network_has_its_own_copy_of_a_bias(student, compare):
    """The network does not change when a tensor that it was made from is changed."""
    bias2 = student.hold(TENSORS[3].clone())
    net = student.network(*TENSORS[:3], bias2)
    bias2.zero_()
    compare.close(net(X), [[0.8, 0.5, -0.8]], what="the output of the network")


@pytest.mark.task(2)
@pytest.mark.hint("The second loss depends on the rate, the third on momentum too: which is the first that is wrong?")
def test_losses_of_three_steps(student, compare):
    """Three steps on one sample at rate 0.1 have the losses 1.2866, 1.1365 and 0.8891."""
    losses = student.train(student.affine(THETA, BIAS), X, LABEL, 3, 0.1)
    compare.list_of(losses, float, 3, what="the list of losses")
    compare.close(losses, [1.2866, 1.1365, 0.8891], atol=1e-4, what="the list of losses")


@pytest.mark.task(2)
@pytest.mark.hint("Are the parameters that you train those of the network that you were given?")
def test_the_network_itself_is_trained(student, compare):
    """After three steps, the network that was passed in gives other logits."""
    net = student.affine(THETA, BIAS)
    student.train(net, X, LABEL, 3, 0.1)
    compare.close(net(X), [[0.2755, 0.7913, -0.5668]], atol=1e-3, what="the output after the training")


@pytest.mark.task(2)
@pytest.mark.hint("At rate 0 nothing moves, so a loss repeats when its batch does.")
def test_losses_repeat_with_their_batches(student, compare):
    """With 50 samples and rate 0, the losses repeat after three steps, and not before."""
    torch.manual_seed(0)
    inputs, labels = torch.rand(50, 2), torch.randint(3, (50,))
    losses = student.train(student.affine(THETA, BIAS), inputs, labels, 6, 0.0)
    compare.close(losses[3:], losses[:3], what="the second half of the losses")
    compare.that(len(set(losses[:3])) == 3, "Two of the first three batches have the same loss.")


@pytest.mark.task(3)
@pytest.mark.hint("The handout has the numbers in between.")
@pytest.mark.parametrize(("name", "settings", "expected"), MOMENTA + DECAY)
def test_rules_of_the_worked_example(student, compare, name, settings, expected):
    """Two steps of {name} move the parameter as in the worked example."""
    follow(student, compare, name, settings, expected)


@pytest.mark.task(3)
@pytest.mark.hint("Methods whose name ends in an underscore, and +=, change what they are given.")
def test_momentum_leaves_its_arguments_alone(student, compare):
    """`momentum` does not change the parameter, the gradient and the state that it is given."""
    theta, gradient = torch.tensor([1.0]), torch.tensor([2.0])
    _, state = student.momentum(theta, gradient, {}, 0.1, 0.9)
    kept = {name: torch.as_tensor(value).clone() for name, value in state.items()}
    after = student.arguments_after("momentum", theta.clone(), gradient.clone(), state, 0.1, 0.9)
    compare.close(after[0], [1.0], what="the parameter")
    compare.close(after[1], [2.0], what="the gradient")
    for name, value in kept.items():
        compare.close(after[2][name], value, what=f"the state {name!r}")


@pytest.mark.task(4)
@pytest.mark.hint("Print every number in between, and compare with the handout's.")
@pytest.mark.parametrize(("name", "settings", "expected"), ADAPTIVE)
def test_adaptive_rules_of_the_worked_example(student, compare, name, settings, expected):
    """Two steps of {name} move the parameter as in the worked example."""
    follow(student, compare, name, settings, expected)


@pytest.mark.task(5)
@pytest.mark.hint("Is it the figure that you return, and is it a new one?")
def test_lines_of_the_figure(student, compare):
    """The figure has a line for each entry of history, with its values over the steps, each time it is drawn."""
    for _ in range(2):
        axes = student.plot_curves(HISTORY).axes
        compare.that(len(axes) == 1, f"The figure has {len(axes)} axes; it should have one.")
        lines = axes[0].get_lines()
        compare.that(len(lines) == 2, f"The axes have {len(lines)} lines; there should be 2.")
        for line, (name, values) in zip(lines, HISTORY.items(), strict=True):
            compare.that(line.get_label() == name, f"No line has the label {name!r} where it should be.")
            points = [[float(step), value] for step, value in enumerate(values)]
            compare.close(line.get_xydata(), points, what=f"the data of the line {name!r}")


@pytest.mark.task(6)
@pytest.mark.hint("Each gradient counts as often as its shard has samples.")
def test_two_shards_of_the_handout(student, compare):
    """Shards of 3 and 1 samples with gradients 2 and 6 give 3."""
    combined = student.combine([torch.tensor([2.0]), torch.tensor([6.0])], [3, 1])
    compare.close(combined, [3.0], what="the gradient of all samples")
