"""The notebook that students are given: whole, valid, and graded as the file is."""

import ast
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.assignment import load, slugs
from autograder.authoring.notebook import pieces, student_notebook
from autograder.errors import AssignmentError
from autograder.result import Result, Status

ROOT = Path(__file__).parents[2]
SLUGS = slugs(ROOT)


def answered(slug: str) -> dict[str, Any]:
    """Return the notebook with the reference's code in it, each definition in the cell of its name."""
    notebook: dict[str, Any] = json.loads(student_notebook(ROOT, slug))
    source = load(ROOT, slug).reference.read_text(encoding="utf-8")
    definitions, rest = {}, []
    for node in ast.parse(source).body:
        text = ast.get_source_segment(source, node) or ""
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            definitions[f"answer-{node.name}"] = text
        else:
            rest.append(text)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    helpers = [text for name, text in definitions.items() if name not in {cell["id"] for cell in code}]
    code[0]["source"] = ["\n\n".join([*rest, *helpers])]
    for cell in code[1:]:
        cell["source"] = [definitions.get(cell["id"], "".join(cell["source"]))]
    return notebook


@pytest.mark.parametrize("slug", SLUGS)
def test_the_notebook_is_valid_and_holds_the_whole_handout_and_stub(slug: str) -> None:
    data = student_notebook(ROOT, slug)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nbformat.validate(nbformat.reads(data.decode(), as_version=4))  # type: ignore[no-untyped-call]
    cells = json.loads(data)["cells"]
    handout = (ROOT / "assignments" / slug / "handout.md").read_text(encoding="utf-8")
    shown = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert shown.split() == handout.split()
    stub = (ROOT / "student_template" / slug / f"{load(ROOT, slug).module}.py").read_text(encoding="utf-8")
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    kept = ast.parse(code)
    without_docstring = ast.parse(stub)
    assert ast.get_docstring(without_docstring)
    del without_docstring.body[0]
    assert ast.dump(kept) == ast.dump(without_docstring)


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if "torch" in load(ROOT, slug).runtimes])
def test_an_answer_in_the_notebook_is_graded_as_one_in_the_file(
    slug: str, grade: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada/answer.ipynb").write_text(json.dumps(answered(slug)), encoding="utf-8")
    result = grade(load(ROOT, slug), tmp_path / "ada")
    assert [test.explanation for test in result.tests if test.status is not Status.PASSED] == []
    assert result.points == result.max_points


def test_a_heading_in_fenced_code_is_no_place_to_cut(tiny_course: Callable[..., Path]) -> None:
    root = tiny_course("def test_it(): pass")
    handout = "# Title\n\n```python\n# a comment\n```\n\n~~~\n## not a heading\n```\n~~~\n\n## Second\n"
    (root / "assignments/tiny/handout.md").write_text(handout)
    (root / "student_template/tiny").mkdir(parents=True)
    (root / "student_template/tiny/tiny.py").write_text(
        "import torch\n# why\n@torch.no_grad()\ndef f():\n    pass\n\n\nX = 1\n"
    )
    found = pieces(root, "tiny")
    assert [piece.source.split("\n")[0] for piece in found] == [
        "# Title",
        "## Second",
        "import torch",
        "# why",
        "X = 1",
    ]


def test_what_is_given_is_no_answer(tiny_course: Callable[..., Path]) -> None:
    root = tiny_course("def test_it(): pass")
    (root / "assignments/tiny/handout.md").write_text("# Title\n")
    (root / "student_template/tiny").mkdir(parents=True)
    (root / "student_template/tiny/tiny.py").write_text(
        'import torch\n\n\ndef square(x):\n    """Given: x ↦ x²."""\n    return x * x\n\n\n'
        'def f(x):\n    """Compute x⁴."""\n    raise NotImplementedError("Task 1")\n'
    )
    _, given, answer = pieces(root, "tiny")
    assert (given.kind, answer.kind) == ("imports", "answer")
    assert "return x * x" in given.source
    assert answer.source.startswith("def f")
    assert answer.tasks == (1,)


@pytest.mark.parametrize(
    ("stub", "said"), [(None, "tiny.py cannot be read: No such file"), ("def f(:\n", "tiny.py, line 1: invalid syntax")]
)
def test_a_stub_that_cannot_be_read_is_named(stub: str | None, said: str, tiny_course: Callable[..., Path]) -> None:
    root = tiny_course("def test_it(): pass")
    (root / "assignments/tiny/handout.md").write_text("# Title\n")
    if stub is not None:
        (root / "student_template/tiny").mkdir(parents=True)
        (root / "student_template/tiny/tiny.py").write_text(stub)
    with pytest.raises(AssignmentError, match=said):
        student_notebook(root, "tiny")
