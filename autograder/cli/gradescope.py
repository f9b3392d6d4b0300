"""What the zip for Gradescope runs there: grade one submission with the only exercise it holds, write results.json."""

import json
import sys
from pathlib import Path

from autograder.assignment import load, slugs
from autograder.cli.common import Course, write_file
from autograder.cli.run import grade_path
from autograder.errors import GraderError
from autograder.export import gradescope

__all__ = ["grade", "main"]


def grade(root: Path) -> bool:
    """Grade `root`/submission with the exercise in `root`/source; return whether it was graded.

    `root`/results/results.json says from the first moment that nothing was graded, and why that is nobody's 0: whatever
    ends the grader, Gradescope finds it there.
    """
    place = root / "results/results.json"
    write_file(place, gradescope.nothing_graded(), "--to")
    course = Course(root / "source", root / "source/.autograder", practice=False)
    assignment = load(course.root, *slugs(course.root))
    result = grade_path(course, assignment, root / "submission", _attempt(root / "submission_metadata.json"))
    write_file(place, gradescope.results(result), "--to")
    return result.points is not None


def _attempt(metadata: Path) -> int:
    """Return which attempt of this student's it is: hidden inputs are drawn anew for each."""
    if not metadata.exists():
        return 1
    return 1 + len(json.loads(metadata.read_bytes()).get("previous_submissions") or ())


def main() -> None:
    """Grade in the current folder; what is printed is shown to staff alone."""
    try:
        graded = grade(Path.cwd())
    except GraderError as error:
        print(f"Nothing was graded: {error}")
        graded = False
    sys.exit(0 if graded else 1)


if __name__ == "__main__":
    main()
