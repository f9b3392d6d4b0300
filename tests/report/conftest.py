"""A made-up class as large and as odd as real ones are."""

import math
import random
from collections.abc import Callable

import pytest

from autograder.result import Curve, Result, Status, TaskResult
from autograder.result import TestResult as HiddenTest

ODD_NAMES = (
    "Wolfeschlegelsteinhausenbergerdorff, Hubert Blaine Adolph Charles David Earl Frederick Gerald",
    "x" * 90,
    "محمد العربي",
    "שָׂרָה לוי",
    "李小龙",
    "🦄 Ana 🎓",
    "Zoë Ångström",
    'O\'Neill <b>"Bobby" & co</b>',
    "ada",
    "Ada",
)
MISCONCEPTIONS = {
    "norms": {
        "forgets_zero_grad": "Gradients of earlier steps are gone by themselves.",
        "averages_twice": "The loss is a mean already, so its gradient must be divided by the batch size once more.",
        "wrong_sign": "A step along the gradient makes the loss smaller.",
    },
    "metrics": {"matrix_transposed": "Rows are the predicted classes and columns the true ones."},
}
EXERCISES = {
    "norms": "The norms of the parameters",
    "metrics": "Precision, recall and AUC",
    "module": "The toy classifier as a module",
    "device": "Moving to another device",
    "figures": "Training curves, drawn by a student",
}
CLAIMS = (
    "A step of gradient descent moves every parameter against its gradient.",
    "The loss falls.",
    "Gradients are those of the mean over the batch, whatever its size.",
    "A class that is never predicted has precision 0, not NaN.",
    "A positive and a negative sample with equal scores count one half, whatever the order of their rows.",
    "The result is on the device of the input.",
    "The input is not changed.",
    "What save wrote to a path, load gives back, from that file alone.",
)


@pytest.fixture(scope="session")
def misconceptions() -> dict[str, dict[str, str]]:
    """What the known mistakes of the large class stand for."""
    return MISCONCEPTIONS


@pytest.fixture
def large_class(result: Callable[..., Result], hidden_test: Callable[..., HiddenTest]) -> list[Result]:
    """Five exercises and sixty students: every status, all kinds of names, several attempts, the last of one only."""
    random.seed(7)
    students = [*ODD_NAMES, *(f"student{number:02}" for number in range(60 - len(ODD_NAMES)))]
    made = []
    for slug, title in EXERCISES.items():
        for place, student in enumerate(students if slug != "figures" else students[:1]):
            fields = {"slug": slug, "title": title, "attempt": 1 + place % 3 // 2, "curves": _curves(slug)}
            if place % 29 == 28:
                unread = f"{slug}.py: line 3: '(' was never closed\n    total = sum((a, b)\n               ^"
                made.append(result(student, error=unread, points=0.0, max_points=8.0, **fields))
                continue
            notes = ("conftest.py was ignored: it is none of the files that are handed in.",) if place % 17 == 3 else ()
            tests = tuple(_hidden(hidden_test, slug, number, place) for number in range(8))
            fields["tasks"] = tuple(_task(tests, number) for number in (1, 2))
            made.append(result(student, tests=tests, notes=notes, **fields))
            if place == 8:
                made.append(result(student, tests=tests, **{**fields, "attempt": 2, "valid": False}))
    return made


def _task(tests: tuple[HiddenTest, ...], number: int) -> TaskResult:
    points = [test.points for test in tests if test.task == number]
    total = None if None in points else sum(point for point in points if point is not None)
    return TaskResult(number=number, title="Training", points=total, max_points=float(len(points)))


def _hidden(hidden_test: Callable[..., HiddenTest], slug: str, number: int, place: int) -> HiddenTest:
    """Make a test's end: most pass, more with a smaller number, and each status occurs."""
    status = Status.PASSED
    if random.random() < 0.1 + number / 20 + place % 5 / 20:
        status = random.choice([Status.FAILED] * 20 + [Status.RAISED] * 8 + [Status.WAITING] * 8 + list(Status)[3:])
    fields: dict[str, object] = {}
    if status is Status.FAILED:
        where = random.choice(["[0, 0]", "[2, 1]"])
        fields["explanation"] = f"The gradient is wrong in 12 of 12 elements. The worst is at {where}: off by 0.25."
        fields["hint"] = "Divide by the number of samples, once."
        fields["detail"] = "expected tensor([0.2500, 0.5000])\nreceived tensor([0.0000, 0.0000])"
        fields["mistake"] = random.choice([*MISCONCEPTIONS.get(slug, ()), "", ""])
        fields["cause"] = "It is the right value times 2." if number % 2 else ""
    elif status is Status.RAISED:
        fields["explanation"] = f"`step` raised ValueError: too many values to unpack\n  at {slug}.py:14: a, b = batch"
        fields["output"] = "epoch 1\nepoch 2\n"
    elif status is Status.WAITING:
        fields["explanation"] = "It needs “The loss falls.” to pass first."
    return hidden_test(
        status,
        id=f"test_{number}",
        title=CLAIMS[number],
        task=1 + number // 5,
        device="cuda (simulated)" if slug == "device" and number % 2 else None,
        **fields,
    )


def _curves(slug: str) -> tuple[Curve, ...]:
    steps = tuple(float(step * 5) for step in range(200))
    falling = tuple(2 * math.exp(-step / 150) + 0.02 for step in steps)
    if slug == "norms":
        noisy = tuple(value * random.uniform(0.9, 1.2) for value in falling)
        burst = tuple(2.0 * 1.4**place if place < 90 else None for place in range(200))
        return (
            Curve(name="cost", student=noisy, reference=falling, x=steps, test="test_1"),
            Curve(name="norm of theta2", student=falling, reference=falling, x=steps, test="test_1"),
            Curve(name="diverging loss", student=burst, reference=falling, x=steps, test="test_2"),
        )
    if slug == "figures":
        shared = {"x": tuple(map(float, range(200))), "reference_x": steps, "figure": "Loss curves", "test": "test_1"}
        higher = tuple(value + 0.3 for value in falling)
        return (
            Curve(name="training", student=higher, reference=falling, **shared),
            Curve(name="validation", student=falling, reference=higher, **shared),
        )
    return ()
