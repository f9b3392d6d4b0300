"""`autograder check`: the public tests on one's own answer, as the real grading runs tests."""

import os
import sys
from pathlib import Path

import click
import msgspec
from rich.console import Console

from autograder.assignment import Kit, load_kit
from autograder.checking import open_check
from autograder.cli.kits import BESIDE, changed_last
from autograder.errors import SubmissionError, UsageError
from autograder.report.terminal import render_check
from autograder.result import Result, Status
from autograder.submission import Submission, receive

__all__ = ["check"]

_UNCONFINED = "On this machine nothing confines your code; where it is graded, a sandbox does."


@click.command()
@click.argument("path", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
def check(path: Path | None) -> None:
    """Run the public tests on your answer, and explain what they find.

    FILE is your Python file, a notebook, or a folder. Without it, the exercise that the current folder belongs to is
    checked, in the file that you changed last. Your code runs as it does when it is graded: in a process of its own,
    with the same limits on time, and with a GPU that is simulated where an exercise has one. Nothing is sent anywhere.

    Exit status: 0 all public tests pass; 1 some do not; 2 it cannot be done as asked.

    \b
    Examples:
      autograder check
      autograder check metrics.py
      autograder check precision_recall_auc.ipynb
    """
    kit = _kit_around(path or Path())
    place = path or changed_last(kit)
    try:
        submission = receive(place, kit.module, passed_over=BESIDE)
        if path is None and place != kit.folder:
            note = f"`{kit.module}.py` was left out: `{place.name}` was changed after it."
            submission = msgspec.structs.replace(submission, notes=(*submission.notes, note))
        result = _run(kit, submission)
    except SubmissionError as error:
        # Its sentences are for who has handed in.
        raise type(error)(str(error).replace("hand in again", "check again")) from error
    answer = path or _answer(place, kit, submission)
    name = answer.name if answer.is_file() else kit.slug
    Console().print(render_check(result, name, f"autograder submit {_quoted(answer)}"))
    sys.exit(0 if all(test.status is Status.PASSED for test in result.tests) else 1)


def _run(kit: Kit, submission: Submission) -> Result:
    errors = Console(stderr=True)
    spinner = "line" if errors.options.ascii_only else "dots"
    try:
        with errors.status("Starting a worker", spinner=spinner) as status, open_check(kit, submission) as check:
            if not check.confined:
                errors.print(_UNCONFINED, style="dim")
            status.update("Running the public tests")
            return check.run()
    except KeyboardInterrupt:
        errors.print("Stopped.")
        sys.exit(130)


def _answer(place: Path, kit: Kit, submission: Submission) -> Path:
    """Return what was checked, as seen from here: one file, or the folder of several."""
    module = kit.folder / f"{kit.module}.py"
    alone = place == kit.folder and len(submission.files) == 1 and module.is_file()
    return Path(os.path.relpath(module if alone else place))


def _quoted(path: Path) -> str:
    """Return a path as one word of a command line, in any shell."""
    return f'"{path}"' if " " in str(path) else str(path)


def _kit_around(path: Path) -> Kit:
    """Return the exercise whose folder holds `path`, or is it.

    Raises:
        UsageError: there is nothing at `path`, or no exercise around it, or one that pytest cannot be told of.
        AssignmentError: the exercise's settings are wrong.
    """
    if not path.exists():
        raise UsageError(f"There is no file or folder {path}. Name your Python file, your notebook or its folder.")
    place = Path(os.path.abspath(path))
    for folder in (place, *place.parents):
        if (folder / "assignment.toml").is_file():
            if "[" in str(folder) or "::" in str(folder):
                raise UsageError(
                    f"The tests in {folder} cannot be run, because for pytest a `[` or `::` in a path stands for "
                    "something else. Rename that folder."
                )
            kit = load_kit(folder)
            if not kit.suite.is_file():
                raise UsageError(
                    f"{kit.suite} is missing, so there is nothing to check your answer with. Get the exercise anew, "
                    "in another folder, and copy the file from there."
                )
            return kit
    raise UsageError(
        f"No exercise was found for {path}: neither {place if place.is_dir() else place.parent} nor a folder above it "
        "has an assignment.toml. Go into the folder that `autograder get` made, or name a file in it."
    )
