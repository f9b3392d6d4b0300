"""What is counted over a class."""

import itertools

from autograder.report.summary import by_student, summaries
from autograder.result import Status

PASSED, FAILED, UNGRADED = Status.PASSED, Status.FAILED, Status.UNGRADED


def test_the_order_of_the_results_changes_nothing(result):
    results = [result("ben", PASSED), result("Anna", FAILED), result("anna", PASSED), result("zoë", slug="other")]
    expected = summaries(results), by_student(results)
    for shuffled in itertools.permutations(results):
        assert (summaries(shuffled), by_student(shuffled)) == expected


def test_a_test_that_the_grader_owes_is_in_no_pass_rate(result):
    (summary,) = summaries([result("anna", PASSED), result("ben", UNGRADED), result("chloé", FAILED)])
    assert (summary.tests[0].passed, summary.tests[0].judged) == (1, 2)


def test_missing_points_are_in_no_mean(result):
    (summary,) = summaries([result("anna", PASSED, PASSED), result("ben", PASSED, UNGRADED)])
    assert (summary.mean, summary.median) == ("2 / 2", "2 / 2")
    assert (summary.not_graded, summary.ungraded_tests) == (1, 1)


def test_a_class_without_points_has_no_mean(result):
    (summary,) = summaries([result("anna", UNGRADED)])
    assert summary.mean == "no points yet"
    assert sum(summary.distribution) == 0


def test_totals_that_differ_are_averaged_as_percentages(result):
    (summary,) = summaries([result("anna", PASSED), result("ben", PASSED, FAILED)])
    assert summary.mean == "75 %"


def test_each_share_falls_into_its_tenth(result):
    shares = [place / 10 for place in range(11)]
    results = [result(f"s{share}", PASSED, points=share * 3, max_points=3.0) for share in shares]
    (summary,) = summaries(results)
    assert summary.distribution == (1, 1, 1, 1, 1, 1, 1, 1, 1, 2)
    assert summary.full_marks == 1


def test_a_submission_that_was_not_loaded_has_a_row_without_tests(result):
    (summary,) = summaries([result("anna", PASSED, FAILED), result("ben", error="toy.py: invalid syntax")])
    assert [test.code for test in summary.tests] == ["1.1", "1.2"]
    assert summary.row(summary.results[1]) == (None, None)
    assert summary.not_loaded == 1


def test_a_test_that_only_one_result_has_still_gets_a_column(result, hidden_test):
    old = result("anna", tests=(hidden_test(id="test_old"), hidden_test(id="test_both")))
    new = result("ben", tests=(hidden_test(id="test_both"), hidden_test(id="test_new")))
    (summary,) = summaries([old, new])
    assert {test.id for test in summary.tests} == {"test_old", "test_both", "test_new"}
    assert [test.counts.total() for test in summary.tests if test.id == "test_both"] == [2]


def test_the_explanation_that_most_were_given_is_counted(result, hidden_test):
    def told(student, words):
        return result(student, tests=(hidden_test(FAILED, explanation=words),))

    (summary,) = summaries([told("anna", "transposed"), told("ben", "transposed"), told("chloé", "sign")])
    assert (summary.tests[0].common, summary.tests[0].common_count) == ("transposed", 2)
    (alone,) = summaries([told("anna", "transposed")])
    assert (alone.tests[0].common, alone.tests[0].common_count) == ("", 0)


def mistaken(hidden_test, *names):
    return tuple(hidden_test(FAILED, id=f"test_{place}", mistake=name) for place, name in enumerate(names))


def test_a_student_is_counted_once_for_a_mistake_in_however_many_tests_and_attempts(result, hidden_test):
    twice = mistaken(hidden_test, "sign", "sign", "")
    results = [result("anna", tests=twice), result("anna", tests=twice, attempt=2), result("ben", tests=twice[:1])]
    (mistake,) = summaries(results, {"toy": {"sign": "Up is down."}})[0].mistakes
    assert mistake.students == ("anna", "ben")
    assert mistake.codes == ("1.1", "1.2")
    assert (mistake.name, mistake.misconception) == ("sign", "Up is down.")


def test_the_most_frequent_mistake_comes_first(result, hidden_test):
    results = [
        result("anna", tests=mistaken(hidden_test, "sign", "axis")),
        result("ben", tests=mistaken(hidden_test, "sign", "factor")),
        result("chloé", tests=mistaken(hidden_test, "sign", "factor")),
    ]
    for shuffled in itertools.permutations(results):
        assert [mistake.name for mistake in summaries(shuffled)[0].mistakes] == ["sign", "factor", "axis"]


def test_a_mistake_of_another_exercise_explains_none_of_this_one(result, hidden_test):
    (summary,) = summaries([result(tests=mistaken(hidden_test, "sign"))], {"other": {"sign": "Up is down."}})
    assert summary.mistakes[0].misconception == "sign"
