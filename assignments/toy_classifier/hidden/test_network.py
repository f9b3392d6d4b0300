"""Task 2: the network and its loss, for small logits and for large ones."""

import ast

import pytest
import torch

pytestmark = pytest.mark.task(2)

# From about 52 the square of exp(-gap) is zero in float32, from 88.7 exp(gap) overflows, from 104 exp(-gap) is zero.
GAPS = (60.0, 70.0, 88.75, 110.0, 1000.0)
LIBRARY = set(
    "softmax softmin log_softmax logsumexp logaddexp cross_entropy nll_loss "
    "Softmax LogSoftmax CrossEntropyLoss NLLLoss Categorical".split()
)
NAMES = ("theta1", "bias1", "theta2", "bias2")


@pytest.mark.points(0.5)
@pytest.mark.hint("Row i of theta1 holds the weights of input i, and no ReLU comes after the second layer.")
@pytest.mark.allow("argument", reason="For a batch of one sample v is the gradient of bias2.")
def test_forward_gives_the_logits(student, reference, draw, compare):
    """forward gives the logits of each sample of a batch, and autograd finds the way back to the parameters."""
    for batch, hidden, classes in [(1, 12, 3), (7, 12, 3), (20, 5, 2)]:
        arguments = draw.normal((batch, 2)), *network(draw, hidden, classes)
        expected = reference.forward(*arguments)
        compare.close(student.forward(*arguments), expected, what="the output of forward")
        v = draw.normal((batch, classes))
        gradients = student.gradients(student.forward, arguments, wrt=[1, 2, 3, 4], v=v)
        leaves = [tensor.double().requires_grad_() for tensor in arguments[1:]]
        total = (torch.relu(arguments[0].double() @ leaves[0] + leaves[1]) @ leaves[2] + leaves[3]) * v
        for name, got, wanted in zip(NAMES, gradients, torch.autograd.grad(total.sum(), leaves), strict=True):
            compare.close(got, wanted.float(), rtol=1e-4, atol=1e-4, what=f"the gradient of {name}")


@pytest.mark.points(0.5)
@pytest.mark.hint("Each row is a sample: do the probabilities of each row add up to one, whatever the other rows are?")
def test_softmax_gives_probabilities(student, draw, compare):
    """softmax turns each row of logits into the probabilities of its classes, the small ones too."""
    for shape in [(1, 3), (9, 3), (4, 7)]:
        logits = 3 * draw.normal(shape)
        check_softmax(student, compare, logits)
        check_softmax(student, compare, logits + draw.uniform(-30, 30, (shape[0], 1)))
    check_softmax(student, compare, torch.tensor([[0.0, 20.0, -20.0], [-30.0, 0.0, -1.0]]))
    compare.unchanged(student, "softmax", logits)


@pytest.mark.points(0.5)
@pytest.mark.hint(
    "exp(89) is infinite in float32: what can be added to all logits of a row without changing its softmax?"
)
def test_softmax_bears_large_logits(student, compare):
    """softmax is right for logits of thousands, of either sign."""
    for size in GAPS:
        logits = torch.tensor([[size, 0.0, size - 1], [-size, -size - 2, -size - 1], [size, -size, 0.0]])
        # The logarithm of a sum near 1000 is rounded by 3e-5, and with it exp(z − that logarithm).
        compare.close(student.softmax(logits), exact(logits), atol=1e-3, what="the tensor of probabilities")


@pytest.mark.points(0.5)
@pytest.mark.hint("The loss of a sample is minus the logarithm of the probability of its label; then comes the mean.")
def test_crossentropy_of_ordinary_logits(student, draw, compare):
    """crossentropy is the mean of −log of the probability of each label, as a scalar, and its gradient is right."""
    for shape in [(1, 3), (8, 3), (20, 5)]:
        logits, labels = 2 * draw.normal(shape), draw.integers(0, shape[1], shape[0])
        check_crossentropy(student, compare, logits, labels)
    compare.unchanged(student, "crossentropy", logits, labels)


@pytest.mark.points(0.5)
@pytest.mark.hint("Write log(exp(a) / (exp(a) + exp(b))) without a division, and take the greatest logit out of it.")
def test_crossentropy_bears_large_gaps(student, draw, compare):
    """crossentropy and its gradient are right when the logits of a sample are far apart: by 60, by 89, by 1000."""
    for gap in GAPS:
        for label in (0, 1, 2):
            logits = draw.normal((1, 3)) + torch.tensor([[gap, 0.0, gap / 2]])
            check_crossentropy(student, compare, logits, torch.tensor([label]))
    several = draw.normal((5, 3)) + torch.tensor([GAPS]).T * torch.tensor([[1.0, -1.0, 0.0]])
    check_crossentropy(student, compare, several, draw.integers(0, 3, 5))


@pytest.mark.points(0.5)
@pytest.mark.hint("exp, log, sums, a greatest element and an index are all it takes.")
def test_softmax_and_loss_are_written_by_hand(student, source, draw, compare):
    """softmax and crossentropy are right, and are computed without the softmax or loss of a library."""
    logits, labels = draw.normal((6, 3)), draw.integers(0, 3, 6)
    check_softmax(student, compare, logits)
    compare.close(student.crossentropy(logits, labels), loss_of(logits, labels), what="the loss")
    definitions = [node.name for node in source.tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    calls = set().union(*(source.calls(name) for name in definitions))
    methods = methods_of(source.tree)
    borrowed = sorted(name for name in calls if is_borrowed(source, name, methods))
    compare.that(not borrowed, f"Your file calls {', '.join(borrowed)}; softmax and loss are to be written by hand.")


def methods_of(tree):
    """Return the names of all methods that the file defines."""
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return {method.name for node in classes for method in node.body if isinstance(method, ast.FunctionDef)}


def is_borrowed(source, name, methods):
    """Is this dotted name the softmax of a library, or a method of a tensor?

    A helper file may have one of its own, and so may a class.
    """
    root, dot, _ = name.partition(".")
    last = name.rpartition(".")[2]
    own = root not in ("torch", "scipy", "sklearn", "jax", "tensorflow") and (source.imports(root) or last in methods)
    return bool(dot) and last in LIBRARY and not own


def network(draw, hidden, classes):
    """Draw four parameters."""
    return [draw.normal(shape) for shape in ((2, hidden), (hidden,), (hidden, classes), (classes,))]


def exact(logits):
    """Return the softmax of each row, computed in float64, as float32."""
    return torch.softmax(logits.double(), dim=1).float()


def loss_of(logits, labels):
    """Return the mean cross-entropy, computed in float64, as float32."""
    return torch.nn.functional.cross_entropy(logits.double(), labels).float()


def check_softmax(student, compare, logits):
    """Compare probabilities relatively: rounding a logit of 50 moves one by 4e-6 of itself."""
    compare.close(student.softmax(logits), exact(logits), rtol=1e-4, atol=1e-30, what="the tensor of probabilities")


def check_crossentropy(student, compare, logits, labels):
    compare.close(student.crossentropy(logits, labels), loss_of(logits, labels), what="the loss")
    (gradient,) = student.gradients(student.crossentropy, (logits, labels))
    right = (exact(logits) - torch.nn.functional.one_hot(labels, logits.shape[1])) / len(labels)
    compare.close(gradient, right, what="the gradient of the loss")
