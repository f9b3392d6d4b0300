"""What GitHub is told: nothing that a student wrote is Markdown, HTML, a mention or a command there."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from autograder.github.annotations import Annotation, annotations, asked_of, command
from autograder.github.summary import check_run, headline, summary
from autograder.result import Result, Status

HOSTILE = "<script>x</script> [a](javascript:x) @everyone #1 GH-2 `code` **b** https://x.org www.x.org | x\n# head"


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(text))


@pytest.mark.attack("N02")
def test_nothing_that_a_student_wrote_is_markdown_or_html(
    result: Callable[..., Result], hidden_test: Callable[..., Any]
) -> None:
    fence = "`````\n</details>\n# head\n::error::x"
    tests = tuple(
        hidden_test(
            Status.RAISED, id=f"t{n}", title=HOSTILE, explanation=fence, cause=f"{HOSTILE}.", hint=f"{HOSTILE}?"
        )
        for n in (1, 2)
    )
    page = rendered(summary([result("ada", tests=tests, notes=(HOSTILE,), title=HOSTILE)], [HOSTILE]))
    assert "<script" not in page
    assert "<a " not in page
    assert "<strong>b</strong>" not in page
    assert "<h1>" not in page
    assert page.count("<details>") == page.count("</details>") == 2
    for live in ("@everyone", "#1", "GH-2", "www.x"):
        assert live not in page.replace("<pre>", "").split("<code")[0]


@given(st.text())
def test_any_text_stays_inside_its_block(text: str) -> None:
    from autograder.github.summary import _fenced

    page = rendered(f"{_fenced(text)}\n\nafter")
    assert page.count("<pre>") == 1
    assert page.endswith("<p>after</p>\n")


def test_a_long_summary_is_cut_between_two_parts_and_says_so(
    result: Callable[..., Result], hidden_test: Callable[..., Any]
) -> None:
    tests = tuple(hidden_test(Status.FAILED, id=f"t{n}", explanation="x" * 900) for n in range(200))
    text = summary([result("ada", tests=tests)], [], most=20_000)
    assert len(text.encode()) <= 20_000
    assert text.endswith("The whole is in the result file of this run.\n")
    assert text.count("<details>") == text.count("</details>")


@pytest.mark.parametrize(
    ("statuses", "met", "conclusion"),
    [
        ([Status.PASSED], True, "success"),
        ([Status.FAILED], False, "failure"),
        ([Status.UNGRADED], False, "neutral"),
        ([], True, "neutral"),
    ],
)
def test_the_conclusion_of_a_check_is_about_the_work_and_neutral_where_that_is_not_known(
    statuses: list[Status], met: bool, conclusion: str, result: Callable[..., Result]
) -> None:
    results = [result("ada", *statuses)] if statuses else []
    assert check_run(results, [], [], "f" * 40, met=met)["conclusion"] == conclusion


def test_several_exercises_have_one_headline(result: Callable[..., Result]) -> None:
    both = [result("ada", Status.PASSED), result("ada", Status.FAILED, Status.PASSED)]
    assert headline(both) == "2 / 3"
    assert headline([*both, result("ada", Status.UNGRADED)]) == "not graded yet"


SOURCE = "import torch\n\n\ndef forward(x):\n    return x\n\n\nclass Net:\n    def train(self):\n        pass\n"
SUITE = "def test_one(student, draw):\n    '''A claim.'''\n    student.forward(1)\n    student.train(2)\n"


def lines(result: Result, source: str = SOURCE, suite: str = SUITE) -> list[int]:
    return [one.line for one in annotations(result, source, "toy/toy.py", asked_of([suite]))]


def test_an_annotation_stands_where_the_test_looks(
    result: Callable[..., Result], hidden_test: Callable[..., Any]
) -> None:
    def failing(**fields: Any) -> Result:
        return result("ada", tests=(hidden_test(Status.FAILED, **fields),))

    assert lines(failing(id="test_one[cuda]", title="A claim.")) == [4], "the function that the test calls"
    assert lines(failing(id="test_two", title="What train gives is right.")) == [9], "a function that the claim names"
    assert lines(failing(id="test_two", title="A claim.")) == [1]
    traced = (
        "`f` raised ValueError\n  at helper.py, line 2, in f\n  at toy.py, line 10, in train\n  at lib.py, line 7, in x"
    )
    assert lines(failing(id="test_one", title="A claim.", explanation=traced)) == [10], "the student's own last line"


def test_what_passed_or_waits_has_no_annotation_and_there_are_ten_at_most(result: Callable[..., Result]) -> None:
    assert lines(result("ada", Status.PASSED, Status.WAITING)) == []
    assert len(lines(result("ada", *[Status.FAILED] * 30))) == 10


@pytest.mark.attack("N07")
@pytest.mark.parametrize("text", ["a\n::error::b", "a\r::b", "50%\n", "a%0Ab"])
def test_a_command_is_one_line_whatever_its_text(text: str) -> None:
    line = command(Annotation(f"{text},line=9:x", 1, "error", text, text))
    assert "\n" not in line
    assert "\r" not in line
    properties = line.removeprefix("::error ").partition("::")[0]
    assert [part.partition("=")[0] for part in properties.split(",")] == ["file", "line", "title"]
    assert "%0A" in line or "%0D" in line or "%250A" in line
