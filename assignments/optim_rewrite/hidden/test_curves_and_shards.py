"""Tasks 5 and 6: curves, graded on the data of the figure, and the gradients of shards."""

import pytest
import torch


@pytest.mark.task(5)
@pytest.mark.points(0.5)
@pytest.mark.hint("One call of plot for each entry, its steps first and its values second, in a figure of its own.")
@pytest.mark.allow("argument", reason="The lines of the figure carry the values of the history as they are.")
def test_the_lines_of_the_figure_carry_the_data(student, draw, compare, curves):
    """plot_curves gives a new figure with one line for each entry: its values over the steps 0, 1, 2, and so on."""
    for lengths in ({"training loss": 30, "validation loss": 12}, {"accuracy": 7}, {"a": 1, "b": 9, "c": 5, "d": 9}):
        history = {name: draw.uniform(0, 2, length).tolist() for name, length in lengths.items()}
        lines = lines_of(student.plot_curves(history), compare)
        wanted = len(history)
        compare.that(len(lines) == wanted, f"Lines in the figure: {len(lines)}; entries in its history: {wanted}.")
        by_label = {line.get_label(): line for line in lines}
        for name, values in history.items():
            compare.that(name in by_label, f"No line of the figure has the label {name!r}.")
            points = compare.shape(by_label[name].get_xydata(), (len(values), 2), what="the data of a line")
            if len(lengths) == 2:
                steps = list(range(len(values)))
                curves.record(
                    name, points[:, 1], values, x=points[:, 0], reference_x=steps, figure="The figure of plot_curves"
                )
            compare.close(points[:, 0], torch.arange(float(len(values))), what="the tensor of steps of a line")
            compare.close(points[:, 1], torch.tensor(values), what="the tensor of values of a line")
        compare.unchanged(student, "plot_curves", history)


@pytest.mark.task(5)
@pytest.mark.points(0.5)
@pytest.mark.hint("set_xlabel, set_ylabel and legend: could a stranger read the figure?")
@pytest.mark.allow(
    *("zeros", "ones", "nan", "infinity", "input", "empty", "scalar", "first_row"),
    reason="It looks at words alone; the numbers of the figure are those of the test before it.",
)
def test_the_figure_says_what_it_shows(student, draw, compare):
    """Both axes of the figure have a label, and its legend names each line."""
    history = {name: draw.uniform(0, 2, 6).tolist() for name in ("training loss", "validation loss")}
    axes = axes_of(student.plot_curves(history), compare)
    for axis, label in (("x", axes.get_xlabel()), ("y", axes.get_ylabel())):
        named = isinstance(label, str) and label.strip()
        compare.that(named, f"The {axis}-axis has no label.")
    legend = axes.get_legend()
    compare.that(legend is not None, "The axes have no legend.")
    compare.equal(
        [text.get_text() for text in legend.get_texts()], list(history), what="the list of names in the legend"
    )


@pytest.mark.task(6)
@pytest.mark.points(0.5)
@pytest.mark.hint("Each shard has its own mean: how do you get from two means of equally many numbers to that of all?")
@pytest.mark.allow("argument", reason="Of one shard alone the gradient is its own.")
def test_shards_of_equal_size(student, draw, compare):
    """From shards of equal size, combine gives the gradient of the mean loss over all samples."""
    for sizes in ([7], [4, 4], [3, 3, 3, 3, 3]):
        check_combine(student, draw, compare, sizes)


@pytest.mark.task(6)
@pytest.mark.points(0.5)
@pytest.mark.hint("A shard of 15 samples and one of 5: should both count the same?")
def test_shards_of_different_sizes(student, draw, compare):
    """From shards of different sizes, combine gives the gradient of the mean loss over all samples, still."""
    for sizes in ([15, 5], [1, 2, 30], [9, 1, 4, 4]):
        check_combine(student, draw, compare, sizes)


def axes_of(figure, compare):
    """Return the axes of a figure in the worker, when there is one and it has one."""
    axes = figure.axes if callable(getattr(figure, "savefig", None)) else None
    compare.that(isinstance(axes, list), "`plot_curves` does not return a Matplotlib figure.")
    compare.that(len(axes) == 1, f"The figure has {len(axes)} axes; all lines belong into one.")
    return axes[0]


def lines_of(figure, compare):
    """Return the lines of a figure in the worker, as handles."""
    lines = axes_of(figure, compare).get_lines()
    compare.that(isinstance(lines, list), "The axes of the figure have no list of lines.")
    return lines


def check_combine(student, draw, compare, sizes):
    """Combine gradients of a linear model's mean loss over shards, and compare with that over all samples."""
    count, theta = sum(sizes), draw.normal((3, 4)).double()
    inputs, labels = draw.normal((count, 3)).double(), draw.integers(0, 4, count)
    shards = [gradient(theta, *shard) for shard in zip(inputs.split(sizes), labels.split(sizes), strict=True)]
    gradients = [shard.float() for shard in shards]
    combined = student.combine(gradients, sizes)
    compare.close(combined, gradient(theta, inputs, labels).float(), what="the gradient of all samples")
    compare.unchanged(student, "combine", gradients, sizes)


def gradient(theta, inputs, labels):
    """Return the gradient of the mean cross-entropy of a linear model."""
    leaf = theta.clone().requires_grad_()
    (found,) = torch.autograd.grad(torch.nn.functional.cross_entropy(inputs @ leaf, labels), leaf)
    return found
