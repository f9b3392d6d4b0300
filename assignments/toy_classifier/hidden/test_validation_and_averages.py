"""Tasks 5 and 6: early stopping on the validation loss, and averages of several networks."""

import pytest
import torch

NAMES = ("theta1", "bias1", "theta2", "bias2")
EPOCHS, RATE = 16, 0.06


@pytest.mark.task(5)
@pytest.mark.points(0.5)
@pytest.mark.hint("Go through the losses with a finger on the best so far: when does it lie `patience` epochs back?")
def test_early_stopping_finds_the_best_and_the_last_epoch(student, draw, compare):
    """early_stopping gives the first epoch of the least loss so far, and the epoch at which patience ends."""
    cases = [
        ([3.0, 2.0, 1.0, 1.5, 1.4, 0.5], 2, (2, 4)),
        ([3.0, 2.0, 1.0, 1.5, 1.4, 0.5], 3, (5, 5)),
        ([3.0, 2.0, 2.5, 1.0, 1.1], 1, (1, 2)),
        ([1.0, 2.0, 3.0, 4.0, 5.0], 3, (0, 3)),
        ([5.0, 4.0, 3.0, 2.0], 2, (3, 3)),
        ([2.0, 1.0, 1.0, 1.0, 1.0, 0.0], 3, (1, 4)),
        ([4.0, 1.0, 2.0, 0.5, 0.75, 0.75], 5, (3, 5)),
        ([1.0], 4, (0, 0)),
    ]
    for _ in range(4):
        losses = draw.permutation(30).double() / 8
        patience = int(draw.integers(3, 9, 1))
        cases.append((losses.tolist(), patience, best_and_stop(losses, patience)))
    for losses, patience, expected in cases:
        answer = student.early_stopping(losses, patience)
        compare.shape(answer, (2,), what="what early_stopping returned")
        compare.equal(answer, torch.tensor(expected), what="the pair of the best and the last epoch")
    compare.unchanged(student, "early_stopping", *cases[0][:2])


@pytest.mark.task(5)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_batches_are_taken_in_order")
@pytest.mark.hint("Which parameters did the least validation loss belong to, and do you still have them unchanged?")
def test_fit_keeps_the_parameters_of_the_best_epoch(student, reference, draw, compare, curves):
    """fit stops when the validation loss has not improved for `patience` epochs, and returns the best parameters."""
    for count, patience in ((60, 3), (50, 2 * EPOCHS)):
        arguments = overfitting(reference, draw, count)
        expected = reference.fit(*arguments, patience)
        result = student.fit(*arguments, patience)
        compare.keys(result, ["parameters", "validation_losses"], what="what fit returned")
        losses = compare.close(
            result["validation_losses"], expected["validation_losses"], rtol=1e-4, atol=1e-4, what="`validation_losses`"
        )
        if patience > EPOCHS:
            curves.record("validation loss", student=losses, reference=expected["validation_losses"])
        four = isinstance(result["parameters"], (list, tuple)) and len(result["parameters"]) == len(NAMES)
        compare.that(four, "`parameters` is not a list of four tensors: theta1, bias1, theta2, bias2.")
        for name, got, wanted in zip(NAMES, result["parameters"], expected["parameters"], strict=True):
            compare.close(got, wanted, rtol=1e-4, atol=2e-5, what=f"{name} of the best epoch")
    compare.unchanged(student, "fit", *arguments, patience)


@pytest.mark.task(6)
@pytest.mark.points(0.5)
@pytest.mark.needs("test_forward_gives_the_logits", "test_softmax_gives_probabilities")
@pytest.mark.hint("Each member gives its own probabilities; these are averaged, sample by sample, class by class.")
def test_predictions_are_averaged(student, reference, draw, compare):
    """average_predictions is the mean of the members' probabilities."""
    for size, batch in ((1, 4), (2, 1), (5, 9)):
        members, inputs = [network(draw, 1.5) for _ in range(size)], draw.normal((batch, 2))
        expected = reference.average_predictions(members, inputs)
        compare.close(student.average_predictions(members, inputs), expected, what="the mean of the probabilities")
    # One network in two disguises: the order of its hidden units means nothing to what it predicts.
    theta1, bias1, theta2, bias2 = network(draw, 1.5)
    order = torch.arange(11, -1, -1)
    twins = [[theta1, bias1, theta2, bias2], [theta1[:, order], bias1[order], theta2[order], bias2]]
    alone = reference.softmax(reference.forward(inputs, *twins[0]))
    compare.close(student.average_predictions(twins, inputs), alone, what="the mean of two equal predictions")
    compare.unchanged(student, "average_predictions", twins, inputs)


@pytest.mark.task(6)
@pytest.mark.points(0.5)
@pytest.mark.hint("Average theta1 with theta1 and bias1 with bias1, entry by entry: the shapes stay as they are.")
@pytest.mark.allow("argument", reason="The mean of one network is that network.")
def test_parameters_are_averaged(student, reference, draw, compare):
    """average_parameters gives four tensors, each the mean of that of all members."""
    for size in (1, 2, 5):
        members = [network(draw, 1.5) for _ in range(size)]
        averaged = student.average_parameters(members)
        four = isinstance(averaged, (list, tuple)) and len(averaged) == len(NAMES)
        compare.that(four, "`average_parameters` does not return four tensors: theta1, bias1, theta2, bias2.")
        for name, got, wanted in zip(NAMES, averaged, reference.average_parameters(members), strict=True):
            compare.close(got, wanted, what=f"the mean of {name}")
    compare.unchanged(student, "average_parameters", members)


def best_and_stop(losses, patience):
    """Return what early_stopping should, by the definition: the first epoch that is `patience` after its best."""
    for epoch in range(len(losses)):
        best = int(losses[: epoch + 1].argmin())
        if epoch - best >= patience:
            break
    return best, epoch


def network(draw, scale=0.5):
    """Draw four parameters."""
    return [scale * draw.normal(shape) for shape in ((2, 12), (12,), (12, 3), (3,))]


def overfitting(reference, draw, count):
    """Draw arguments of fit whose validation loss falls, then rises, and never leaves the best epoch in doubt.

    Class 2 starts as the favourite and has no samples, so both losses fall at first. Most training samples have class 0
    and most validation samples class 1, so the validation loss rises again.
    """
    while True:
        theta1, bias1, theta2, _ = network(draw, 0.3)
        start = [theta1, bias1, theta2, torch.tensor([0.0, 0.0, 3.0])]
        training = draw.uniform(0, 1, (count, 2)), (draw.uniform(0, 1, count) > 0.85).long()
        validation = draw.uniform(0, 1, (33, 2)), (draw.uniform(0, 1, 33) > 0.4).long()
        arguments = *start, *training, *validation, EPOCHS, RATE
        if not is_smooth(reference, *start, *training):
            continue
        losses = torch.tensor(reference.fit(*arguments, 2 * EPOCHS)["validation_losses"])
        best, second = losses.argsort()[:2]
        clear = losses[second] - losses[best] > 1e-4
        if 1 <= best <= EPOCHS - 5 and clear:
            return arguments


def is_smooth(reference, theta1, bias1, theta2, bias2, inputs, labels):
    """Does no hidden unit come so near to zero in the training that rounding could switch it?"""
    parameters = theta1, bias1, theta2, bias2
    for _ in range(EPOCHS):
        for x, y in zip(inputs.split(20), labels.split(20), strict=True):
            if (x @ parameters[0] + parameters[1]).abs().min() < 3e-6:
                return False
            parameters = reference.train(*parameters, x, y, 1, RATE)["parameters"]
    return True
