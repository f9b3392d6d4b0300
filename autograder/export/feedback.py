"""What a result says to its student, as plain text: for systems that show text and not our pages."""

from autograder.report.text import advice, meaning, next_step, number, one_line, owed, score, visible, went_wrong
from autograder.result import Result, Status, TestResult
from autograder.scoring import Grade

__all__ = ["NOTHING_GRADED", "claim_of", "feedback_on", "feedback_on_grade", "feedback_on_test"]

NOTHING_GRADED = (
    "Nothing was graded, because the grader failed: no points are given or taken. "
    "This is not your fault, and you need not hand in again. Tell your teachers if it stays so."
)


def claim_of(test: TestResult) -> str:
    """Return the claim that a test makes, on one line, with its device where it has one."""
    return one_line(f"{test.title} [{test.device}]" if test.device else test.title)


def feedback_on_test(test: TestResult) -> str:
    """Say how a test ended and what to look at; empty where it passed."""
    if test.status is Status.PASSED:
        return ""
    return visible("\n".join(part for part in (meaning(test.status), test.explanation, *advice(test)) if part))


def feedback_on(result: Result) -> str:
    """Say what was noticed on receiving a submission, what it is worth and what to do next, but not test by test."""
    notes = [f"Note: {one_line(note)}" for note in result.submission.notes]
    fared = f"{score(result.points, result.max_points)}: {went_wrong(result)}."
    parts = [result.error] if result.error else [fared, owed(result)]
    return visible("\n".join(part for part in (*notes, *parts, next_step(result)) if part))


def feedback_on_grade(grade: Grade) -> str:
    """Say the same of the submission that counts, and what lateness took; empty where there is none."""
    if grade.result is None:
        return ""
    counts = score(grade.points, grade.max_points)
    late = f"It came late, which took {number(grade.penalty)} points: {counts} count." if grade.penalty else ""
    return "\n".join(part for part in (feedback_on(grade.result), late) if part)
