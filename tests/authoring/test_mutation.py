"""Generated mutants are small changes of the kinds that students make, valid, different, and known again."""

import ast
import textwrap

import pytest

from autograder.authoring.mutation import generate


def changed_lines(source: str) -> set[str]:
    """Return the lines that mutants have in the place of others."""
    lines = set()
    for mutant in generate(textwrap.dedent(source), "answer.py"):
        lines |= {line[1:].strip() for line in mutant.diff.splitlines()[2:] if line.startswith("+")}
    return lines


@pytest.mark.parametrize(
    ("line", "mutated"),
    [
        ("y = a + b", ["y = a - b", "y = a", "y = b"]),
        ("y = a * b", ["y = a / b", "y = a", "y = b"]),
        (
            "y = a - (b + c) * d",
            ["y = a + (b + c) * d", "y = a", "y = a - (b + c)", "y = a - d", "y = a - (b - c) * d"],
        ),
        ("y = a // 2", ["y = a / 2", "y = a // 3", "y = a // 1", "y = a"]),
        ("y = a < b", ["y = a <= b", "y = a >= b"]),
        ("y = a is not None", ["y = a is None"]),
        ("y = a not in b", ["y = a in b"]),
        ("y = a and b", ["y = a or b"]),
        ("y = -a", ["y = a"]),
        ("y = not a", ["y = a"]),
        ("y = ~a", ["y = a"]),
        ("y = True", ["y = False"]),
        ("y = 0.5", ["y = 1.0"]),
        ("y = 3", ["y = 4", "y = 2"]),
        ("y = torch.relu(a)", ["y = a"]),
        ("y = a.mean(dim=1)", ["y = a", "y = a.mean()", "y = a.mean(dim=2)", "y = a.mean(dim=0)"]),
        ("y = f(a, b)", ["y = f(b, a)", "y = a"]),
        ("y = a.T", ["y = a"]),
        ("y = a[1:]", ["y = a", "y = a[2:]", "y = a[0:]"]),
        ("y = b if a else c", ["y = b if (not (a)) else c"]),
        ("y = [b for b in c if a]", ["y = [b for b in c if (not (a))]"]),
        ("optimizer.zero_grad()", ["pass"]),
        ("self.weight = a", ["pass"]),
        ("y += a", ["pass", "y -= a"]),
        ("if a: b()", ["if (not (a)): b()", "if a: pass"]),
        ("while a: break", ["while (not (a)): break", "while a: pass"]),
        ("for y in range(n): pass", ["for y in range((n) - 1): pass"]),
        ("with torch.no_grad(): y = a", ["if True: y = a"]),
    ],
)
def test_a_line_is_changed_as_students_change_it(line: str, mutated: list[str]) -> None:
    found = changed_lines(f"import torch\n\n\ndef f(a, b, c, d, n, y):\n    {line}\n    return y\n")
    assert set(mutated) <= found


def test_a_decorator_and_a_default_are_changed() -> None:
    source = "import torch\n\n\n@torch.no_grad()\ndef f(a, decay=0.0):\n    return a\n"
    sources = {mutant.source for mutant in generate(source, "answer.py")}
    assert source.replace("@torch.no_grad()\n", "") in sources
    assert source.replace("0.0", "1.0") in sources


@pytest.mark.parametrize(
    "line",
    [
        '"""A docstring of 3 lines."""',
        "y: tuple[Literal[3], int] = a",
        'raise ValueError(f"{a + 1} is more than 3")',
        'y = f"{a + 1}"',
        'y = "a" + b',
        "import numpy as np",
    ],
)
def test_documentation_annotations_and_messages_stay(line: str) -> None:
    assert changed_lines(f'def f(a: Literal[3], b) -> Literal[4]:\n    """Docstring."""\n    {line}\n') == set()


def test_a_keyword_that_only_checks_stays() -> None:
    assert changed_lines("y = zip(a, b, strict=True)\n") == {"y = a", "y = zip(b, a, strict=True)"}


SOURCE = """
def f(a, b):
    # Kept as it is.
    first = (a +  b) * 2
    second = (a +  b) * 2
    return first - second


def g(a, b):
    first = (a +  b) * 2
    return first.dot(first)
"""


def test_every_mutant_is_valid_python_and_unlike_every_other() -> None:
    shapes = [ast.dump(ast.parse(mutant.source)) for mutant in generate(SOURCE, "answer.py")]
    assert len(set(shapes) | {ast.dump(ast.parse(SOURCE))}) == len(shapes) + 1


def test_all_but_the_change_stays_as_it_was_written() -> None:
    for mutant in generate(SOURCE, "answer.py"):
        assert "# Kept as it is." in mutant.source
        assert sum(old != new for old, new in zip(SOURCE.splitlines(), mutant.source.splitlines(), strict=True)) == 1


def test_ids_differ_and_stay_when_other_lines_change() -> None:
    ids = [mutant.id for mutant in generate(SOURCE, "answer.py")]
    assert len(set(ids)) == len(ids)
    moved = SOURCE.replace("# Kept as it is.", "# Kept as it is,\n    # and longer.").replace("second - first", "0")
    assert [mutant.id for mutant in generate(moved, "answer.py")] == ids


def test_a_mutant_says_in_which_function_it_is() -> None:
    source = "class Net:\n    def forward(self, x):\n        return -x\n"
    (mutant,) = generate(source, "answer.py")
    assert (mutant.function, mutant.change) == ("Net.forward", "`-x` loses its sign")
    assert mutant.diff.startswith("--- answer.py\n+++ answer.py\n")
