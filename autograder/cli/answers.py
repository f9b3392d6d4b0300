"""`autograder status` and `autograder feedback`: what has become of what one handed in."""

from pathlib import Path

import click
import humanize
import platformdirs
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.cli.place import HandedIn, Place, errors, place_options
from autograder.errors import GraderError, UsageError
from autograder.files import replace_file
from autograder.inbox.plan import Outcome
from autograder.report.terminal import render_result
from autograder.report.text import number, score, visible

__all__ = ["feedback", "status"]

_DIGITS = 12
"""So many of a digest's digits tell submissions apart at a glance."""
_INTERRUPTED = "perhaps not handed in: it was interrupted. Hand in again; the same files twice are one attempt"


@click.command()
@click.argument("slug", required=False)
@place_options
def status(slug: str | None, place: Place) -> None:
    """Show everything that you handed in, or that for the exercise SLUG, and what has become of it.

    \b
    Examples:
      autograder status
      autograder status parameter_norm
    """
    handed_in = _handed_in(place, slug)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("handed in", no_wrap=True)
    table.add_column("exercise", no_wrap=True)
    table.add_column("SHA-256", no_wrap=True)
    table.add_column("state")
    table.add_column("points", justify="right", no_wrap=True)
    for one in handed_in:
        receipt = one.receipt
        when = place.rules.shown(one.feedback.arrived if one.feedback else receipt.submitted)
        table.add_row(*map(Text, (when, receipt.slug, receipt.digest[:_DIGITS], _state(one), _points(one))))
    Console().print(table)


@click.command()
@click.argument("slug", required=False)
@click.option("--open", "in_browser", is_flag=True, help="Open the page in your browser.")
@place_options
def feedback(slug: str | None, in_browser: bool, place: Place) -> None:
    """Explain the latest result, or the latest one for the exercise SLUG.

    \b
    Examples:
      autograder feedback
      autograder feedback parameter_norm --open
    """
    handed_in = _handed_in(place, slug)
    graded = [one for one in handed_in if one.feedback is not None and one.feedback.result is not None]
    later = handed_in[handed_in.index(graded[-1]) + 1 :] if graded else handed_in
    for one in later:
        when = place.rules.shown(one.receipt.submitted)
        errors.print(f"Handed in {when}, {one.receipt.slug}: {_state(one)}", markup=False, highlight=False)
    if not graded:
        return
    latest = graded[-1]
    assert latest.feedback is not None
    assert latest.feedback.result is not None
    Console().print(render_result(latest.feedback.result))
    if latest.feedback.penalty:
        Console().print(Text(f"{_lateness(latest)} It is worth {_points(latest)}."))
    if latest.feedback.attempts_left is not None:
        Console().print(Text(f"Attempts left: {latest.feedback.attempts_left}."))
    if latest.page is not None:
        errors.print(f"The same as a page: {latest.page}", markup=False, highlight=False, soft_wrap=True)
        if in_browser:
            click.launch(_copy(latest.page).as_uri())


def _copy(page: Path) -> Path:
    """Return a copy of a page that its student alone can read.

    The page's own path holds the key to it, and what a browser is started with is seen by everybody on the machine.
    """
    folder = platformdirs.user_cache_path("autograder", appauthor=False)
    path = folder / "feedback.html"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, page.read_bytes(), private=True)
    except OSError as error:
        raise GraderError(f"{path} cannot be written: {error.strerror}. Make room there, or open {page}.") from error
    return path


def _handed_in(place: Place, slug: str | None) -> list[HandedIn]:
    handed_in = place.handed_in(slug)
    if not handed_in:
        what = f" for {place.kit(slug).slug}" if slug else ""
        raise UsageError(
            f"You have handed in nothing{what} in {place.folder} yet. Hand in with: autograder submit FILE"
        )
    return handed_in


def _state(one: HandedIn) -> str:
    answer = one.feedback
    if answer is None:
        return "not graded yet" if one.receipt.arrived else _INTERRUPTED
    if answer.outcome == Outcome.GRADED:
        return _lateness(one) or "graded"
    return visible(answer.said).strip().split("\n")[0] or answer.outcome


def _lateness(one: HandedIn) -> str:
    answer = one.feedback
    if answer is None or not answer.late_seconds:
        return ""
    late = humanize.naturaldelta(answer.late_seconds)
    return f"{late} late" + (f", which took {number(answer.penalty)} points." if answer.penalty else ".")


def _points(one: HandedIn) -> str:
    answer = one.feedback
    if answer is None or answer.result is None:
        return ""
    return score(answer.points, answer.result.max_points)
