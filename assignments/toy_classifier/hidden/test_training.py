"""Tasks 3 and 4: training in batches of 20, and accuracy."""

import pytest
import torch

NAMES = ("theta1", "bias1", "theta2", "bias2")
# Right programs differ in the order of their sums and in precision: design.md has what that moves a parameter by.
TOLERANCE = {"rtol": 1e-4, "atol": 2e-5}


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint("One step on one batch is a gradient, times the rate, taken off: compare it parameter by parameter.")
def test_one_step_goes_against_the_gradient(student, reference, draw, compare):
    """One step moves each of the four parameters by the rate times the gradient of the mean loss, downhill."""
    for count in (20, 8, 1):
        arguments = problem(reference, draw, count, 1, 0.25)
        check_training(student, reference, compare, arguments)


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint("With 50 samples there are batches of 20, 20 and 10; the fourth step begins again with the first.")
def test_batches_are_taken_in_order(student, reference, draw, compare):
    """Step after step takes the next 20 samples, the last batch what is left over, and then the first again."""
    for count, steps in ((60, 2), (60, 7), (50, 4), (15, 3)):
        arguments = problem(reference, draw, count, steps, float(draw.uniform(0.2, 0.5, 1)))
        check_training(student, reference, compare, arguments)


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.hint("A cost belongs to the batch of its step, and to the parameters that the step started from.")
def test_costs_are_taken_before_each_step(student, reference, draw, compare):
    """costs holds the mean loss of each step's batch, under the parameters before the step."""
    start, data = network(draw), points(reference, draw, 50)
    # At rate 0 no update can be wrong; and the first cost does not depend on any.
    standing, moving = (*start, *data, 7, 0.0), (*start, *data, 1, 0.5)
    for arguments in (standing, moving):
        costs = result_of(compare, student.train(*arguments), ("costs",))["costs"]
        compare.close(costs, reference.train(*arguments)["costs"], what="`costs`")


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_one_step_goes_against_the_gradient")
@pytest.mark.hint("`x -= y` changes the tensor x itself, whoever else has it: train on copies.")
def test_the_callers_tensors_stay_as_they_were(student, reference, draw, compare):
    """train leaves its arguments as they were, so that the same tensors can be trained on twice."""
    # A single batch: whatever the order of batches, both trainings should end alike, be they right or wrong.
    *given, _, _ = problem(reference, draw, 20, 3, 0.5)
    held = [student.hold(tensor) for tensor in given]
    first, second = (result_of(compare, student.train(*held, 3, 0.5), ("parameters",)) for _ in range(2))
    compare.unchanged(student, "train", *given, 3, 0.5)
    for name, again, once in zip(NAMES, floats(second["parameters"]), floats(first["parameters"]), strict=True):
        compare.close(again, once, **TOLERANCE, what=f"{name} after a second training on the same tensors")


@pytest.mark.task(3)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_batches_are_taken_in_order")
@pytest.mark.hint("Compare your curve with that of the reference: do they part at once, or after one round of batches?")
def test_training_learns_the_three_classes(student, reference, draw, compare, curves):
    """Three hundred steps lower the cost, and the network then knows the classes of points that it has not seen."""
    start = [draw.normal((2, 12)), torch.zeros(12), draw.normal((12, 3)), torch.zeros(3)]
    arguments = *start, *points(reference, draw, 400), 300, 0.2
    result = result_of(compare, student.train(*arguments))
    costs = compare.finite(compare.shape(result["costs"], (300,), what="`costs`"), what="`costs`")
    trained = reference.train(*arguments)
    curves.record("cost", student=costs, reference=trained["costs"])
    lasting = costs[-50:].mean() < 1.2 * trained["costs"][-50:].mean()
    compare.that(lasting, "The cost of the last fifty steps is not as low as three hundred steps make it.")
    # How far three hundred steps lead depends on where they begin.
    new = points(reference, draw, 2000)
    right, possible = (reference.accuracy(*floats(one["parameters"]), *new) for one in (result, trained))
    compare.that(right > possible - 0.05, "The trained network is right on fewer new points than it could be.")


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_forward_gives_the_logits")
@pytest.mark.hint("A sample is right when the position of its greatest logit is its label; divide by their number.")
def test_accuracy_one_by_one(student, source, reference, draw, compare):
    """accuracy_one_by_one is the fraction of right predictions, found in a loop over the samples."""
    check_accuracy(student, "accuracy_one_by_one", reference, draw, compare, (1, 7, 60))
    compare.that(source.loops("accuracy_one_by_one") > 0, "`accuracy_one_by_one` has no loop over the samples.")


@pytest.mark.task(4)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_forward_gives_the_logits")
@pytest.mark.hint("forward takes all samples at once, and == compares whole tensors.")
def test_accuracy_at_once(student, source, reference, draw, compare):
    """accuracy is the fraction of right predictions, found without a loop."""
    check_accuracy(student, "accuracy", reference, draw, compare, (1, 7, 1000))
    compare.that(source.loops("accuracy") == 0, "`accuracy` has a loop; it should take all samples at once.")


def network(draw, hidden=12):
    """Draw four parameters of an untrained network."""
    return [0.5 * draw.normal(shape) for shape in ((2, hidden), (hidden,), (hidden, 3), (3,))]


def problem(reference, draw, count, steps, rate):
    """Draw arguments of train for which no hidden unit comes so near to zero that rounding could switch it."""
    while True:
        arguments = *network(draw), *points(reference, draw, count)
        parameters, batches = arguments[:4], list(zip(*(tensor.split(20) for tensor in arguments[4:]), strict=True))
        nearest = []
        for step in range(steps):
            x, y = batches[step % len(batches)]
            nearest.append((x @ parameters[0] + parameters[1]).abs().min())
            parameters = reference.train(*parameters, x, y, 1, rate)["parameters"]
        if min(nearest) > 1e-5:
            return *arguments, steps, rate


def points(reference, draw, count):
    """Draw points of the unit square, and label them."""
    inputs = draw.uniform(0, 1, (count, 2))
    return inputs, reference.labels_of(inputs)


def floats(parameters):
    return [torch.as_tensor(parameter).float() for parameter in parameters]


def result_of(compare, result, names=("parameters", "costs")):
    """Return what train returned, when it is a dict with these keys and, if asked for, with four real parameters."""
    compare.keys(result, names, what="what train returned")
    if "parameters" in names:
        parameters = result["parameters"]
        four = isinstance(parameters, (list, tuple)) and len(parameters) == len(NAMES)
        compare.that(four, "`parameters` is not a list of four tensors: theta1, bias1, theta2, bias2.")
        for parameter, shape, name in zip(parameters, ((2, 12), (12,), (12, 3), (3,)), NAMES, strict=True):
            compare.finite(compare.shape(parameter, shape, what=name), what=name)
    return result


def check_training(student, reference, compare, arguments):
    """Compare the parameters that the student's training ends with."""
    got = result_of(compare, student.train(*arguments), ("parameters",))["parameters"]
    expected = reference.train(*arguments)["parameters"]
    for name, mine, theirs in zip(NAMES, got, expected, strict=True):
        compare.close(mine, theirs, **TOLERANCE, what=f"{name} after the training")


def check_accuracy(student, name, reference, draw, compare, counts):
    """Compare an accuracy on samples that are clearly predicted, of which a known number is labelled otherwise."""
    parameters = network(draw)
    candidates = draw.uniform(-2, 2, (4 * max(counts) + 400, 2))
    logits = reference.forward(candidates, *parameters)
    best = logits.topk(2, dim=1).values
    clear = (best[:, 0] - best[:, 1]) > 1e-3
    for count in counts:
        inputs, classes = candidates[clear][:count], logits[clear][:count].argmax(dim=1)
        for wrong in {0, int(draw.integers(0, count, 1)), count}:
            labels = classes.clone()
            places = draw.permutation(count)[:wrong]
            labels[places] = (labels[places] + draw.integers(1, 3, wrong)) % 3
            expected = torch.tensor((count - wrong) / count, dtype=torch.float64)
            value = getattr(student, name)(*parameters, inputs, labels)
            compare.close(value, expected, rtol=0, atol=1e-6, what=f"the accuracy on a batch of {count}")
    # A network that says 1 to everything: what is subtracted from the labels is never zero.
    arguments = *parameters[:3], torch.tensor([0.0, 100.0, 0.0]), inputs, labels
    compare.unchanged(student, name, *arguments)
