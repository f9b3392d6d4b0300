"""`autograder submit`: check, show, ask where something speaks against it, send, and print a receipt."""

import dataclasses
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import humanize
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.assignment import Kit
from autograder.cli.exercises import extension
from autograder.cli.kits import BESIDE, changed_last
from autograder.cli.place import HandedIn, Place, errors, place_options
from autograder.container import shown
from autograder.course import Course
from autograder.errors import GraderError, UsageError
from autograder.inbox.drop import Package, drop, new_token, pack
from autograder.inbox.plan import Outcome
from autograder.inbox.receipts import Receipt, confirm, forget, save
from autograder.submission import Submission, receive

__all__ = ["submit"]


@click.command()
@click.argument("path", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@click.option("--exercise", "slug", metavar="SLUG", help="Which exercise it answers. [default: told by its name]")
@click.option("--yes", is_flag=True, help="Do not ask, whatever speaks against it.")
@place_options
def submit(path: Path, slug: str | None, yes: bool, place: Place) -> None:
    """Hand in FILE: a Python file, a notebook, a folder or an archive.

    Its name and its syntax are checked first, and you see what is sent. You are asked before you hand in late or too
    often. The receipt is printed when your work has arrived, and not before.

    \b
    Examples:
      autograder submit parameter_norm.py
      autograder submit work/ --exercise parameter_norm
    """
    if place.rules.inbox is None:
        raise UsageError(
            "This course takes nothing by this command: its course.toml names no inbox. Ask your teachers."
        )
    kit = place.kit(slug) if slug else _told_by_name(place, path)
    if path.is_dir() and (path / "assignment.toml").is_file():  # a kit: one of its answers may be the stub still
        path = changed_last(dataclasses.replace(kit, root=path.absolute().parent, slug=path.absolute().name))
    passed_over = BESIDE | _untouched_notebook(kit, path)
    submission = receive(path, kit.module, passed_over=passed_over)
    package = pack(path, kit.module, passed_over=passed_over)
    if _digest_of(package, kit) != submission.digest:
        raise UsageError(f"{shown(path.name)} changed while it was read. Save your work, and hand in again.")
    earlier = [one for one in place.handed_in(kit.slug) if one.receipt.arrived]
    errors.print(_to_send(kit, package.files, submission.notes))
    doubts = _doubts(place.rules, kit, earlier, datetime.now(UTC))
    doubts += _doubts_on_files(kit, submission, earlier)
    if doubts and not yes:
        _ask(doubts)
    receipt = Receipt(
        course=str(place.folder),
        slug=kit.slug,
        token=new_token(),
        digest=submission.digest,
        files={name: len(data) for name, data in package.files.items()},
        submitted=datetime.now(UTC),
        arrived=False,
    )
    kept = save(receipt)
    try:
        drop(place.rules.inbox, kit.slug, receipt.token, package.archive)
    except GraderError:  # and not for a Ctrl-C, which may come when the work has arrived
        forget(receipt)
        raise
    confirm(receipt)
    Console().print(_receipt(place.rules, kit, receipt, kept))


def _untouched_notebook(kit: Kit, path: Path) -> set[str]:
    """Return the name of the notebook that came with an exercise, where it is in a folder as it was given."""
    name = f"{kit.slug}.ipynb"
    given, there = kit.folder / name, path / name
    if path.is_dir() and given.is_file() and there.is_file() and there.read_bytes() == given.read_bytes():
        return {name}
    return set()


def _digest_of(package: Package, kit: Kit) -> str:
    """Return the digest that the staff's records will have of a package."""
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        path = Path(folder) / "package.zip"
        path.write_bytes(package.archive)
        return receive(path, kit.module).digest


def _told_by_name(place: Place, path: Path) -> Kit:
    """Return the exercise that a file, or what is in a folder, is named after."""
    kits = place.kits()
    names = {path.name, *(child.name for child in path.iterdir())} if path.is_dir() else {path.name}
    wanted = {slug: {f"{kit.module}.py", f"{kit.module}.ipynb", f"{slug}.ipynb"} for slug, kit in kits.items()}
    found = [kit for slug, kit in kits.items() if wanted[slug] & names]
    if len(found) == 1:
        return found[0]
    expected = ", ".join(f"{kit.module}.py for {slug}" for slug, kit in kits.items())
    what = "could answer several exercises" if found else "is named like no exercise's answer"
    raise UsageError(
        f"{shown(path.name)} {what}. Rename it ({expected}), or say which exercise it answers: "
        f"autograder submit {path} --exercise SLUG"
    )


def _doubts(rules: Course, kit: Kit, earlier: list[HandedIn], now: datetime) -> list[str]:
    """Say what in the course's rules speaks against handing in now."""
    due = extension(earlier, rules.zone) or rules.due(kit.slug)
    doubts = []
    late = rules.late.lateness(now, due)
    if due is not None and late:
        closes = rules.late.closes(due)
        if closes is not None and now > closes:
            doubts.append(
                f"{kit.slug} closed {rules.shown(closes)}: it is kept, and not graded unless you were given longer."
            )
        else:
            cost = rules.late.penalty(kit.max_points, kit.max_points, rules.late.days_late(now, due))
            takes = f", which takes up to {cost:g} of {kit.max_points:g} points" if cost else ""
            doubts.append(f"The deadline was {rules.shown(due)}: you are {humanize.naturaldelta(late)} late{takes}.")
            doubts.append("If you were given an extension, it counts, whatever is said here.")
    attempts = {
        one.receipt.digest for one in earlier if one.feedback is None or one.feedback.outcome != Outcome.REFUSED
    }
    most = rules.attempts.most
    if most is not None and len(attempts) >= most:
        used = f"all {most} attempts" if most > 1 else "the one attempt that there is"
        doubts.append(f"You have used {used}: it will be kept, and not graded.")
    ends = earlier[-1].receipt.submitted + rules.attempts.cool_down if earlier else now
    if ends > now:
        ago = humanize.naturaltime(now - earlier[-1].receipt.submitted)
        doubts.append(f"You handed in {ago}: this is graded in {humanize.naturaldelta(ends - now)}, not before.")
    return doubts


def _doubts_on_files(kit: Kit, submission: Submission, earlier: list[HandedIn]) -> list[str]:
    """Say what in the files themselves speaks against handing them in."""
    same = next((one.receipt for one in earlier if one.receipt.digest == submission.digest), None)
    if same is not None:
        ago = humanize.naturaltime(datetime.now(UTC) - same.submitted)
        return [f"These are exactly the files that you handed in {ago}."]
    module = f"{kit.module}.py"
    stub = kit.folder / module
    if stub.is_file() and submission.files[module] == stub.read_bytes():
        return [f"{module} is the stub that you were given, unchanged."]
    return []


def _ask(doubts: list[str]) -> None:
    for doubt in doubts:
        errors.print(doubt, style="yellow", markup=False, highlight=False)
    if not sys.stdin.isatty():
        raise UsageError("Nothing was handed in, because there is nobody to ask. Add --yes to hand in all the same.")
    if not click.confirm("Hand in all the same?", default=False, err=True):
        errors.print("Nothing was handed in.")
        sys.exit(2)


def _to_send(kit: Kit, files: Mapping[str, bytes], notes: Sequence[str]) -> RenderableType:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 2))
    table.add_column()
    table.add_column(justify="right")
    for name, data in files.items():
        table.add_row(Text(name), humanize.naturalsize(len(data), binary=True))
    return Group(Text(f"For {kit.slug}, this is sent:", style="bold"), table, *map(Text, notes))


def _receipt(rules: Course, kit: Kit, receipt: Receipt, kept: Path) -> Table:
    table = Table(box=box.ROUNDED, show_header=False, title=Text("Receipt", style="bold not italic"))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    rows = {
        "exercise": f"{kit.slug}: {kit.title}",
        "handed in": rules.shown(receipt.submitted),
        "files": ", ".join(receipt.files),
        "SHA-256": receipt.digest,
        "kept in": str(kept),
    }
    for name, value in rows.items():
        table.add_row(name, Text(value))
    table.caption = Text("Your work has arrived. Feedback comes with: autograder feedback", style="not italic")
    return table
