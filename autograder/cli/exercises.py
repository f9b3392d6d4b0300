"""`autograder list` and `autograder get`: what there is to do, and what one starts from."""

import shutil
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Literal

import click
import humanize
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.cli.place import HandedIn, Place, errors, place_options
from autograder.errors import GraderError, UsageError
from autograder.inbox.plan import Outcome
from autograder.report.text import score

__all__ = ["extension", "get", "list_", "standing"]


@click.command("list")
@place_options
def list_(place: Place) -> None:
    """List the exercises, their deadlines, and where you stand.

    \b
    Examples:
      autograder list
      autograder list --course /courses/deep-learning
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=Text(place.rules.title), title_justify="left")
    table.add_column("exercise", no_wrap=True)
    table.add_column("")
    table.add_column("points", justify="right")
    table.add_column("deadline")
    table.add_column("you")
    handed_in = place.handed_in()
    kits = sorted(place.kits().items(), key=lambda item: (str(place.rules.due(item[0]) or "9999"), item[0]))
    for slug, kit in kits:
        theirs = [one for one in handed_in if one.receipt.slug == slug]
        you = standing(theirs, place.rules.attempts.counts)
        row = (slug, kit.title, f"{kit.max_points:g}", _deadline(place, slug, theirs), you)
        table.add_row(*map(Text, row))
    Console().print(table)


def _deadline(place: Place, slug: str, theirs: list[HandedIn]) -> str:
    due = extension(theirs, place.rules.zone) or place.rules.due(slug)
    if due is None:
        return "none"
    return f"{place.rules.shown(due)} ({humanize.naturaltime(due, when=datetime.now(UTC))})"


def extension(theirs: list[HandedIn], zone: tzinfo) -> datetime | None:
    """Return this student's own deadline in the course's time zone, as far as feedback has told them of one."""
    told = (one.feedback.extended for one in reversed(theirs) if one.feedback and one.feedback.extended)
    return next((due.astimezone(zone) for due in told), None)


def standing(theirs: list[HandedIn], counts: Literal["best", "last"]) -> str:
    """Say in a few words how a student stands in one exercise, from all that they handed in for it."""
    arrived = [one for one in theirs if one.receipt.arrived]
    if not arrived:
        return "not handed in" if not theirs else "perhaps not handed in: see autograder status"
    graded = [one.feedback for one in arrived if one.feedback is not None and one.feedback.points is not None]
    open_ = sum(one.feedback is None or one.feedback.outcome == Outcome.WAITING for one in arrived)
    waiting = [f"{open_} not graded yet"] if open_ else []
    if graded:
        best = max(graded, key=lambda feedback: feedback.points or 0.0) if counts == "best" else graded[-1]
        most = best.result.max_points if best.result else 0.0
        return ", ".join([f"{counts} {score(best.points, most)}", *waiting])
    return ", ".join(waiting) or "handed in, and not graded: see autograder status"


@click.command()
@click.argument("slug")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@place_options
def get(slug: str, folder: Path | None, place: Place) -> None:
    """Copy the exercise SLUG into FOLDER, or into a new folder of its name here.

    What is there already is never overwritten.

    \b
    Examples:
      autograder get parameter_norm
      autograder get parameter_norm work/norms
    """
    kit = place.kit(slug)
    target = folder or Path(slug)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"{target} is there already, and your work in it may be too. Name another folder: "
            f"autograder get {slug} FOLDER"
        )
    try:
        shutil.copytree(kit.folder, target, dirs_exist_ok=True, copy_function=shutil.copyfile)
    except OSError as error:
        raise GraderError(
            f"{target} cannot be written: {error.strerror or error}. Make room, or name another folder."
        ) from error
    shown = Text.assemble("You have it in ", (f"{target}/", "bold"), ". Read ", (f"{target / 'handout.md'}", "bold"))
    shown.append(f", answer in {kit.module}.py or {slug}.ipynb, and look at your work with")
    errors.print(shown)
    errors.print(f"    cd {target} && autograder check", markup=False, highlight=False)
