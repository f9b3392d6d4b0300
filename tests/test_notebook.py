"""A notebook becomes the module that its author meant, or one sentence about why it cannot."""

import ast
import json
import sys
import time
import warnings
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionError
from autograder.notebook import module_source, written_files
from autograder.parsing import DEEPEST, MOST_WORDS, parse_source


def code(source: str | list[str], **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": [], "source": source}


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def notebook(*cells: str | dict[str, Any], **top: Any) -> bytes:
    cells_in_full = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells_in_full, **top}).encode()


def source(*cells: str | dict[str, Any]) -> str:
    return module_source(notebook(*cells), "hw.ipynb")[0]


def notes(*cells: str | dict[str, Any]) -> str:
    return "\n".join(module_source(notebook(*cells), "hw.ipynb")[1])


def refusal(*cells: str | dict[str, Any]) -> str:
    with pytest.raises(SubmissionError) as caught:
        module_source(notebook(*cells), "hw.ipynb")
    return str(caught.value)


def names_bound_by(*cells: str | dict[str, Any]) -> dict[str, Any]:
    """Run the module made from cells that this file wrote, and return its names."""
    names: dict[str, Any] = {}
    with mock.patch.dict(sys.modules):  # a stand-in for IPython is for this source only
        exec(compile(source(*cells), "module", "exec"), names)
    return names


def test_code_cells_are_joined_top_to_bottom_under_their_numbers():
    assert source(markdown("# Title"), "import math", markdown("text"), "def f():\n    return math.pi") == (
        "# -*- coding: utf-8 -*-\n# --- cell 1 ---\nimport math\n# --- cell 2 ---\ndef f():\n    return math.pi\n"
    )


def test_a_plain_notebook_needs_no_note():
    assert notes("x = 1", "y = 2") == ""


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(notebook(code(["x = 1\n", "y = 2"])), id="source as a list"),
        pytest.param(notebook("x = 1\r\ny = 2"), id="line ends of Windows"),
        pytest.param(notebook({**code("x = 1\ny = 2"), "id": "a"}, {**code("z = 3"), "id": "a"}), id="repeated ids"),
        pytest.param(
            notebook({**code("x = 1\ny = 2"), "id": "no id can be this long" * 9}), id="an id that is invalid"
        ),
        pytest.param(notebook({"cell_type": "code", "source": "x = 1\ny = 2"}), id="no metadata and no outputs"),
        pytest.param(notebook("x = 1\ny = 2", nbformat_minor=99), id="a minor version of the future"),
        pytest.param(notebook("x = 1\ny = 2", nbformat="4"), id="a version written as text"),
        pytest.param(
            notebook(
                {**code("x = 1\ny = 2", id="Xy12", colab={"base_uri": "https://example.org"}, outputId="a1")},
                nbformat_minor=0,
                metadata={"colab": {"provenance": []}, "kernelspec": None, "accelerator": "GPU"},
            ),
            id="Colab",
        ),
        pytest.param(
            notebook({**code("x = 1\ny = 2"), "outputs": [{"data": {"application/json": [float("nan")]}}]}),
            id="NaN in an output",
        ),
        pytest.param(b"\xef\xbb\xbf" + notebook("x = 1\ny = 2"), id="a byte order mark"),
        pytest.param(notebook("x = 1\ny = 2", metadata={"kernelspec": {"name": "bash"}}), id="another kernel"),
        pytest.param(
            json.dumps(
                {
                    "nbformat": 3,
                    "worksheets": [
                        {"cells": [{"cell_type": "heading", "level": 1, "source": "Title"}]},
                        {"cells": [{"cell_type": "code", "input": ["x = 1\n", "y = 2"], "language": "python"}]},
                    ],
                }
            ).encode(),
            id="nbformat 3",
        ),
    ],
)
def test_what_real_tools_write_is_read(data):
    assert "# --- cell 1 ---\nx = 1\ny = 2\n" in module_source(data, "hw.ipynb")[0]


@pytest.mark.parametrize(
    ("line", "python"),
    [
        ("%matplotlib inline", "pass  # %matplotlib inline"),
        ("    %load_ext autoreload", "    pass  # %load_ext autoreload"),
        ("!pip install 'x", "pass  # !pip install 'x"),
        ("!!ls", "pass  # !!ls"),
        ("pip install torch", "pass  # pip install torch"),
        ("files = !ls it's", "pass  # files = !ls it's"),
        ("out[0], b = %sql select 1", "pass  # out[0], b = %sql select 1"),
        ("torch.add?", "pass  # torch.add?"),
        ("??torch.add", "pass  # ??torch.add"),
        ("%timeit f(1)", "pass  # %timeit f(1)"),
        ("%time f(1)", "f(1)"),
        ("    %time y = f(1)", "    y = f(1)"),
        ("y = %time f(1)", "y = f(1)"),
    ],
)
def test_lines_for_jupyter_become_python_on_the_same_line(line, python):
    block = "if True:\n" if line.startswith(" ") else ""
    assert source(f"f = int\n{block}{line}\nz = 1").endswith(f"# --- cell 1 ---\nf = int\n{block}{python}\nz = 1\n")


@pytest.mark.parametrize(
    "python",
    [
        "x = (7\n%4)",
        "x = 7 \\\n%4",
        "text = '''\n%magic\n!command\nname?\n'''",
        'text = """it\'s \\"""\n!command\n"""',
        "x = 3  # (\ny = [\n  1,\n]",
        "text = 'a ( b'",
    ],
)
def test_python_that_looks_like_magic_is_left_alone(python):
    assert f"# --- cell 1 ---\n{python}\npass  # !ls\n" in source(f"{python}\n!ls")


def test_a_command_over_several_lines_is_left_out_as_a_whole():
    assert names_bound_by("!pip install a \\\n  b \\\n  c\nx = 1")["x"] == 1


def test_a_block_that_held_only_a_command_is_still_a_block():
    assert names_bound_by("if True:\n    !pip install torchmetrics\nx = 1")["x"] == 1


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%%prun"])
def test_cell_magics_over_python_keep_the_python(magic):
    assert names_bound_by(f"{magic}\nx = 1")["x"] == 1


@pytest.mark.parametrize(
    "statement",
    [
        "from IPython.display import display, clear_output, HTML\nclear_output(wait=True)\ndisplay(HTML('<b>'))",
        "import IPython\nIPython.display.display(5)\nIPython.get_ipython().run_line_magic('pylab', '')",
        "from IPython import get_ipython\nget_ipython().system('ls')",
        "import IPython.display as shown\nshown.Image('a.png').reload()",
    ],
)
def test_what_is_imported_from_ipython_does_nothing(statement):
    assert names_bound_by(statement, "x = 1")["x"] == 1


def test_a_file_that_a_cell_writes_is_a_file_of_the_submission():
    cells = ("%%writefile helper.py\nx = 1", "%%writefile -a helper.py\ny = 2", "%%file other.txt\ntext", "z = 3")
    files = written_files(notebook(*cells), "hw.ipynb")
    assert files == {"helper.py": b"x = 1\ny = 2\n", "other.txt": b"text\n"}
    assert "%%writefile" not in notes(*cells)


@pytest.mark.parametrize("path", ["../helper.py", "/tmp/helper.py", "a/b.py", ".hidden.py", "$HOME/x.py", "x y.py", ""])
def test_a_file_with_another_path_is_not_written(path):
    assert written_files(notebook(f"%%writefile {path}\nx = 1"), "hw.ipynb") == {}


@pytest.mark.parametrize("magic", ["%%bash", "%%writefile helper.py", "%%html", "%%timeit", "\n%%sh -e"])
def test_other_cell_magics_leave_their_cell_out(magic):
    assert "x" not in names_bound_by("y = 1", f"{magic}\nx = 1\nit's")


def test_a_cell_indented_as_a_whole_is_read_as_jupyter_reads_it():
    assert names_bound_by("  x = 1\n  if x:\n    y = 2")["y"] == 2


def test_what_was_not_run_is_said_in_one_note():
    assert notes("%pylab\n!ls", "x = 1\n!pwd", "%%bash\nls") == (
        "Lines for Jupyter or the shell in `hw.ipynb` are not run when graded: "
        "`%pylab` (cell 1), `!ls` (cell 1), `!pwd` (cell 2) and 1 more."
    )


def test_a_future_import_may_stand_in_any_cell():
    cells = (
        "x: int = 1",
        "from __future__ import annotations; y = 2",
        "from __future__ import (division,\n  generators); z = 3",
    )
    names = names_bound_by(*cells)
    assert (names["x"], names["y"], names["z"]) == (1, 2, 3)
    assert source(*cells).splitlines()[1] == "from __future__ import annotations"


def test_names_that_jupyter_provides_do_not_fail_at_import(capsys):
    assert names_bound_by("import sys\nin_colab = 'colab' in str(get_ipython())\ndisplay(5)")["in_colab"] is False
    assert capsys.readouterr().out == "5\n"


def test_locked_nbgrader_tests_are_left_out_and_everything_else_is_kept():
    solution = code("def f():\n    return 1", nbgrader={"solution": True, "grade": False, "locked": False})
    written_by_hand = code("g = 2", nbgrader={"solution": True, "grade": True, "locked": False})
    read_only = code("import math", nbgrader={"solution": False, "grade": False, "locked": True})
    test = code("assert f() == 2", nbgrader={"solution": False, "grade": True, "locked": True})
    names = names_bound_by(read_only, solution, test, written_by_hand, "helper = 3")
    assert names["f"]() == 1
    assert (names["g"], names["helper"], names["math"].e > 2) == (2, 3, True)
    assert notes(solution, test, test) == (
        "Left out of `hw.ipynb`: code cells 2, 3 (locked test, and the grader runs its own)."
    )
    ours = code("# Task 1", nbgrader={"solution": False, "grade": True, "locked": True, "grade_id": "task-1"})
    assert notes(solution, ours) == "", "every notebook that we made for nbgrader has those"


def test_cells_tagged_as_scratch_are_left_out():
    assert "x" not in names_bound_by("y = 1", code("x = input()", tags=["later", "scratch"]))
    assert notes("y = 1", code("syntax error", tags=["skip-grading"])) == (
        "Left out of `hw.ipynb`: code cell 2 (tagged `skip-grading`)."
    )


@pytest.mark.parametrize("metadata", [None, [], "grade", {"nbgrader": "locked"}, {"tags": "scratch"}, {"tags": [[]]}])
def test_metadata_of_another_form_is_as_good_as_none(metadata):
    assert "x = 1" in source({**code("x = 1"), "metadata": metadata})


def test_outputs_and_attachments_are_dropped():
    cell = {**code("x = 1"), "outputs": [{"data": {"text/html": "<script>"}}], "attachments": {"a.svg": "<svg onload>"}}
    assert "<s" not in source(cell)


def test_a_coding_comment_in_a_cell_does_not_change_how_python_reads_the_module():
    text = source("# coding: utf-7\nx = '+AGEAYg-'")
    names: dict[str, Any] = {}
    exec(compile(text.encode(), "module", "exec"), names)
    assert names["x"] == "+AGEAYg-"


def test_a_syntax_error_names_its_cell_and_line_with_a_caret():
    assert refusal("x = 1", markdown("text"), "y = 2\nprint('é' 3)\n").splitlines() == [
        "Code cell 2 of `hw.ipynb` is not valid Python, so it cannot be graded: "
        "invalid syntax. Perhaps you forgot a comma? (line 2).",
        "    print('é' 3)",
        "          ^",
        "Correct this line, run it once yourself, and hand in again.",
    ]


def test_a_bracket_left_open_is_the_fault_of_its_own_cell():
    assert refusal("x = (1", "y = 2)").startswith("Code cell 1 of `hw.ipynb`")


def test_an_error_in_a_very_long_line_shows_the_part_around_it():
    lines = refusal("x = [" + "1, " * 5000 + "a b]").splitlines()
    assert max(map(len, lines)) < 200
    assert lines[1][lines[2].index("^") :].startswith("a b")


def test_control_characters_of_a_wrong_line_do_not_reach_the_terminal():
    assert "\x1b" not in refusal("x = = '\x1b[2J'")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is not a notebook"),
        (b"print('a script')", "is not a notebook"),
        (b"\xff\xfe{\x00}\x00", "is not a notebook"),
        (b"[]", "is not a notebook"),
        (b'{"cells": 3}', "is not a notebook"),
        (b'{"cells": [3]}', "is not a notebook"),
        (b'{"worksheets": []}', "is not a notebook"),
        (b'{"worksheets": [[]]}', "is not a notebook"),
        (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "is not a notebook"),
        (b'{"cells": [], "n": ' + b"1" * 5000 + b"}", "is not a notebook"),
        (notebook(), "has no code to grade"),
        (notebook(markdown("x")), "has no code to grade"),
        (notebook("", " \n"), "has no code to grade"),
        (notebook(code("x = 1", tags=["scratch"]), ""), "has no code to grade"),
        (notebook({"cell_type": "code", "source": None}), "has no code to grade"),
        (notebook({"cell_type": "code", "source": 3}), "is damaged"),
        (notebook({"cell_type": "code", "source": ["x", 3]}), "is damaged"),
        (notebook("x = '\ud800'"), "no Python source can hold"),
        (notebook("%%bash\n\ud800"), "no Python source can hold"),
        (notebook("x = '\0'"), "null bytes"),
        (notebook("x = " + "-" * 50_000 + "1"), "nested too deeply"),
        (notebook("x = " + "1 + " * 50_000 + "1"), "nested too deeply"),
        (notebook("x = " + "1 + " * DEEPEST + "1"), "nested too deeply"),
        (notebook(*["a;" * 1000] * 200), "is too long"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(data, sentence):
    with pytest.raises(SubmissionError, match=sentence) as caught:
        module_source(data, "hw.ipynb")
    assert "`hw.ipynb`" in str(caught.value)
    assert "\n" not in str(caught.value) or "^" in str(caught.value)


def test_the_depth_that_is_allowed_can_be_walked_by_a_node_visitor():
    tree = parse_source("x = " + "1 + " * (DEEPEST - 10) + "1", "a test")
    ast.NodeVisitor().visit(tree)


def test_code_below_the_limit_of_words_is_read():
    assert parse_source("x = '" + "a " * (MOST_WORDS - 4) + "'", "a test").body


def test_a_warning_about_the_students_code_is_not_an_error_of_ours():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse_source("x = '\\d'\ny = 1 is 1", "a test").body


@pytest.mark.parametrize("line", [" " * 100_000 + "x", "x = " + " " * 100_000 + "x", "a" * 100_000, "a?" * 50_000])
def test_a_very_long_line_is_searched_for_magic_in_linear_time(line):
    started = time.process_time()
    with pytest.raises(SubmissionError):
        source(f"y\n{line} =\n!")
    assert time.process_time() - started < 1


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "!ls 'a",
                    "%time f(",
                    "x = (",
                    ")",
                    "'''",
                    '"""',
                    "if x:",
                    "  y",
                    "\\",
                    "a?",
                    "%%time",
                    "# '",
                    "%",
                    "\ud800",
                ]
            ),
            max_size=6,
        ).map("\n".join),
        min_size=1,
        max_size=3,
    )
)
def test_any_mixture_of_magic_and_python_gives_a_module_or_a_sentence(cells):
    try:
        text, _ = module_source(notebook(*cells), "hw.ipynb")
    except SubmissionError:
        return
    ast.parse(text.encode())


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.sampled_from(["code", "x = 1", "cells"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["cells", "worksheets", "cell_type", "source", "input", "metadata", "tags", "nbgrader"]
                ),
                inner,
            )
        ),
        max_leaves=12,
    ),
)
def test_any_json_gives_a_module_or_a_sentence(value):
    for data in (value, {"cells": value}, {"cells": [{"cell_type": "code", "source": "x = 1", "metadata": value}]}):
        try:
            module_source(json.dumps(data).encode(), "hw.ipynb")
        except SubmissionError:
            continue
