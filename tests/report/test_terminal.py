"""What is read in a terminal."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from autograder.report.terminal import render_check, render_class, render_result
from autograder.result import Status


def printed(renderable, width=80, encoding="utf-8"):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    Console(file=stream, width=width, color_system=None).print(renderable)
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)


@pytest.fixture
def all_statuses(result):
    return result("anna", *Status)


def test_a_passed_test_is_one_line(result, hidden_test):
    test = hidden_test(explanation="never shown", hint="never shown", output="never shown")
    text = printed(render_result(result(tests=(test,))))
    assert sum("The loss falls." in line for line in text.splitlines()) == 1
    assert "never shown" not in text


def test_a_failure_is_followed_by_its_meaning_explanation_and_hint(result, hidden_test):
    test = hidden_test(Status.FAILED, explanation="grad: transposed", hint="Mind the axes.")
    text = printed(render_result(result(tests=(test,))))
    places = [text.index(part) for part in ("✗", "A wrong value.", "grad: transposed", "Hint: Mind")]
    assert places == sorted(places)


def test_the_cause_stands_between_the_explanation_and_the_hint(result, hidden_test):
    test = hidden_test(Status.FAILED, explanation="grad: off", cause="Its sign is wrong.", hint="Mind the axes.")
    text = printed(render_result(result(tests=(test,))))
    places = [text.index(part) for part in ("grad: off", "Why: Its sign is wrong.", "Hint: Mind")]
    assert places == sorted(places)


def test_the_name_of_a_known_mistake_is_for_staff(result, hidden_test):
    record = result(tests=(hidden_test(Status.FAILED, mistake="axes_swapped", cause="Mind the axes."),))
    assert "axes_swapped" not in printed(render_result(record))
    assert "Known mistake, for staff: axes_swapped" in printed(render_result(record, staff=True))


def test_what_was_printed_is_for_staff(result, hidden_test):
    record = result(tests=(hidden_test(Status.FAILED, output="debug 1\n"),))
    assert "debug" not in printed(render_result(record))
    assert "│ debug 1" in printed(render_result(record, staff=True))


def test_every_status_says_what_it_means(all_statuses):
    text = " ".join(printed(render_result(all_statuses)).split())
    for status in set(Status) - {Status.PASSED}:
        assert status.meaning[1:] in text


def test_an_ungraded_test_is_not_shown_as_zero(result):
    text = printed(render_result(result("anna", Status.UNGRADED)))
    assert "0 / 1" not in text
    assert text.count("not graded yet") == 3  # the result, the task and the test
    assert "the grader's fault, not yours" in text


def test_the_detail_is_for_staff(result, hidden_test):
    record = result(tests=(hidden_test(Status.FAILED, detail="expected 0.1234"),))
    assert "0.1234" not in printed(render_result(record))
    assert "0.1234" in printed(render_result(record, staff=True))


def test_the_last_line_says_what_to_do_next(result):
    last = printed(render_result(result("anna", Status.PASSED, Status.FAILED))).splitlines()[-1]
    assert last.strip() == 'Next: start with "Claim 1", then hand in again.'


def test_a_submission_that_was_not_loaded_shows_why_and_no_tasks(result):
    text = printed(render_result(result(error="toy.py: invalid syntax\n  def f(:")))
    assert "toy.py: invalid syntax\n" in text
    assert "Task 1" not in text


def test_practice_marks_say_that_they_are_not_valid(result):
    record = result("anna", Status.PASSED, valid=False)
    assert "not valid" in printed(render_result(record))
    assert "[practice]" in printed(render_class([record]))
    assert "not valid" in printed(render_class([record]))


def test_markup_of_a_submission_is_shown_and_not_obeyed(result, hidden_test):
    hostile = "[bold]x[/bold] [link=http://a.example]y[/link] :smile:"
    test = hidden_test(Status.FAILED, title=hostile, explanation=hostile, output=hostile, hint=hostile, detail=hostile)
    record = result(hostile, title=hostile, tests=(test,), notes=(hostile,))
    assert printed(render_result(record, staff=True), width=120).count(hostile) == 9
    assert hostile in printed(render_class([record]), width=200)


def test_no_control_character_of_a_submission_reaches_the_terminal(result, hidden_test):
    hostile = "\x1b[2J\x1b]52;c;aGk=\x07\r\x9b31m\u202e\ud800"
    test = hidden_test(Status.FAILED, title=hostile, explanation=hostile, output=hostile, hint=hostile, detail=hostile)
    record = result(hostile, title=hostile, tests=(test,), notes=(hostile,))
    text = printed(render_result(record, staff=True)) + printed(render_class([record, result(error=hostile)]))
    assert all(character.isprintable() or character == "\n" for character in text)


def test_no_line_that_a_submission_printed_passes_for_one_of_ours(result, hidden_test):
    forged = "  ✓ Forged 10 / 10 " * 20 + "\n  ✓ Forged 10 / 10"
    text = printed(render_result(result(tests=(hidden_test(Status.FAILED, output=forged),)), staff=True))
    assert "Forged" in text
    assert all(line.startswith("    │ ") for line in text.splitlines() if "Forged" in line)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_a_terminal_without_unicode_gets_ascii_marks(result, hidden_test, encoding):
    tests = (hidden_test(id="test_a"), hidden_test(Status.FAILED, id="test_b", explanation="∇ is 李雷", output="λ"))
    record = result("zoë", tests=tests, title="Überblick …")
    text = printed(render_result(record, staff=True), encoding=encoding)
    assert "+ The loss falls." in text and "x The loss falls." in text
    assert "\\u2207 is \\u674e\\u96f7" in text
    assert "###" in printed(render_class([record]), encoding=encoding)


@pytest.mark.parametrize("width", [50, 80, 120])
def test_no_line_is_wider_than_the_terminal(result, hidden_test, width):
    long = "word " * 40 + "x" * 300
    test = hidden_test(Status.FAILED, title=long, explanation=long, hint=long, output=long, detail=long)
    record = result("李" * 200, tests=(test,), title=long, notes=(long,))
    text = printed(render_result(record, staff=True), width) + printed(render_class([record]), width)
    assert max(cell_len(line) for line in text.splitlines()) <= width


def test_a_class_has_a_table_for_each_assignment(result):
    text = printed(render_class([result("anna", Status.PASSED), result("ben", Status.FAILED, slug="other")]))
    assert "Toy (toy)" in text and "Toy (other)" in text
    assert "all tests passed" in text and "1 wrong value" in text


def test_a_class_is_listed_by_student_in_whatever_order_it_comes(result):
    results = [result(name, Status.PASSED) for name in ("chloé", "anna", "Ben")]
    assert printed(render_class(results)) == printed(render_class(results[::-1]))
    text = printed(render_class(results))
    assert text.index("anna") < text.index("Ben") < text.index("chloé")


def test_the_class_says_whose_fault_missing_points_are(result):
    text = printed(render_class([result("anna", Status.UNGRADED), result("ben", Status.PASSED)]))
    assert "1 not graded yet; they are in no mean." in text
    assert "1 test ungraded: the grader's fault." in text
    assert "mean 1 / 1" in text


def test_the_class_names_its_three_most_frequent_misconceptions(result, hidden_test):
    made = [("anna", "axis"), ("ben", "axis"), ("chloé", "sign"), ("dora", "sign"), ("emil", "mean"), ("finn", "zeta")]
    results = [result(name, tests=(hidden_test(Status.FAILED, mistake=mistake),)) for name, mistake in made]
    text = printed(render_class(results, {"toy": {"axis": "Rows are columns.", "sign": "Up is down."}}))
    after = text.partition("Most frequent misconceptions:\n")[2]
    assert after.splitlines()[:3] == [
        "  2 students: Rows are columns.",
        "  2 students: Up is down.",
        "  1 student: mean",
    ]
    assert "zeta" not in text


def test_one_misconception_is_no_list(result, hidden_test):
    text = printed(render_class([result(tests=(hidden_test(Status.FAILED, mistake="axis"),))]))
    assert "Misconception:\n  1 student: axis\n" in text


def test_a_class_without_results_says_what_to_do():
    assert printed(render_class([])).strip() == "No results yet. Grade a submission first."


def checked(record, encoding="utf-8"):
    return " ".join(printed(render_check(record, "toy.py", "autograder submit toy.py"), encoding=encoding).split())


def test_a_check_shows_what_public_tests_expected_and_what_was_printed_and_no_points(result, hidden_test):
    tests = (
        hidden_test(),
        hidden_test(Status.FAILED, explanation="Off.", detail="expected 3", output="x\n", hint="Add."),
    )
    text = checked(result(tests=tests))
    assert "toy.py 1 of 2 pass" in text
    assert "The loss falls. A wrong value. Off. │ expected 3 It printed: │ x Hint: Add." in text
    assert 'Next: start with "The loss falls", then check again.' in text
    assert "/ 1" not in text and "/ 2" not in text and "valid" not in text


def test_a_check_that_passes_says_how_to_hand_in(result):
    assert "All 2 public tests pass." in checked(result("anna", Status.PASSED, Status.PASSED))
    assert "`autograder submit toy.py`" in checked(result("anna", Status.PASSED))


def test_a_check_says_once_what_ended_every_test(result, hidden_test):
    test = hidden_test(Status.RAISED, explanation="Importing toy.py raised OSError", hint="Not what helps here.")
    waiting = hidden_test(Status.WAITING, explanation="It needs another.")
    text = checked(result(tests=(test, test, waiting)))
    assert text.count("Importing toy.py") == 1
    assert "This ended all 3 public tests. Next: mend it, then check again." in text
    assert "Hint" not in text
    assert "This ended" not in checked(result(tests=(test, waiting))), "one that failed holds up the others"
    wrong = hidden_test(Status.FAILED, explanation="It is None.", hint="Return it.")
    assert checked(result(tests=(wrong, wrong))).count("Return it.") == 2, "each claims something else"


def test_a_check_owes_what_the_grader_failed_at(result, hidden_test):
    owed = hidden_test(Status.UNGRADED, detail="no space left")
    text = checked(result(tests=(hidden_test(), owed)))
    assert "The grader's fault, not yours. │ no space left" in text
    assert "1 test could not be graded: the grader's fault, not yours. Check again; if it says the same," in text
    assert "staff are told" not in text
    assert checked(result(tests=(owed, owed))).count("no space left") == 1


def test_a_check_is_written_in_what_the_terminal_has(result, hidden_test):
    test = hidden_test(Status.FAILED, title="Größe", detail="\u2603 \x1b[2J", output="[red]ü")
    assert "x Gr\\xf6\\xdfe" in checked(result(tests=(test,)), encoding="ascii")
    assert "| \\u2603 \\x1b[2J" in checked(result(tests=(test,)), encoding="ascii")
    assert "[red]\\xfc" in checked(result(tests=(test,)), encoding="ascii")
