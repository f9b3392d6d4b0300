"""`grade.py doctor`: what this machine can do."""

import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from autograder import __version__
from autograder.assignment import Limits, load, slugs
from autograder.cli.common import Course, course_options
from autograder.cli.runtimes import state_of
from autograder.errors import GpuUnavailable, GraderError
from autograder.sandbox import gpu
from autograder.sandbox.bubblewrap import try_out
from autograder.sandbox.runtime import NAMES
from autograder.sandbox.selftest import Attack

_TIERS = {
    "full": "each submission has its own user, process, mount, network and IPC namespaces, no capabilities, a filter "
    "on system calls, and limits on time, memory, processes and files",
    "container": "as full, but workers have no /proc of their own, so a watchdog over memory cannot see them. "
    "Start the container with --security-opt unmask=ALL (Podman) or systempaths=unconfined (Docker) for the full tier",
}

_WARM = "workers of each are forked from a process that has imported its framework and computed nothing"


@click.command()
@course_options
def doctor(course: Course) -> None:
    """Say what this machine can do: sandbox, GPU, runtimes, exercises, limits.

    \b
    Example:
      python grade.py doctor
    """
    console = Console()
    facts = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    sandbox, attacks = _sandbox()
    facts.add_row("grader", f"{__version__}, Python {platform.python_version()}, {os.cpu_count()} cores")
    facts.add_row("sandbox", sandbox)
    facts.add_row("GPU", _gpu())
    facts.add_row("runtimes", _runtimes(course.runtimes))
    facts.add_row("exercises", _exercises(course.root))
    console.print(facts, highlight=False, markup=False)
    for table in ([_attacks(attacks)] if attacks else []) + [_limits()]:
        console.print()
        console.print(table, highlight=False)
    sys.exit(0 if attacks else 1)


def _sandbox() -> tuple[str, Sequence[Attack]]:
    try:
        recipe, attacks = try_out("torch")
    except GraderError as error:
        return f"none: {error}", []
    return f"{recipe.tier}: {_TIERS[recipe.tier]}", attacks


def _attacks(attacks: Sequence[Attack]) -> Table:
    """What was tried on the sandbox just now, as before each batch; all of it was held, or nothing would be graded."""
    table = Table(title="Attacks tried on the sandbox just now, as before every batch", title_justify="left")
    table.add_column("a submission tried to")
    table.add_column("")
    for attack in attacks:
        table.add_row(attack.aim, "held")
    return table


def _gpu() -> str:
    try:
        found = gpu.find()
    except GpuUnavailable as error:
        return f"none to grade on: {error}. cuda is simulated on the CPU, and the results say so"
    return "\n".join(f"{one.name}, {one.memory / 2**30:.0f} GiB, driver {one.driver}" for one in found)


def _runtimes(folder: Path) -> str:
    return "\n".join(f"{name}: {state_of(name, folder)[1]}" for name in NAMES) + f"\n{_WARM}"


def _exercises(root: Path) -> str:
    lines = []
    for slug in slugs(root):
        try:
            assignment = load(root, slug)
        except GraderError as error:
            lines.append(f"{slug}: {error}")
        else:
            lines.append(f"{slug}: {assignment.title}, {assignment.max_points:g} points")
    return "\n".join(lines) or f"none in {root / 'assignments'}"


def _limits() -> Table:
    table = Table(title="Limits of a submission, unless its assignment.toml says otherwise", title_justify="left")
    table.add_column("limit")
    table.add_column("default", justify="right")
    table.add_column("meaning")
    meanings = Limits.meanings()
    for name, value in msgspec.to_builtins(Limits()).items():
        table.add_row(name, value if isinstance(value, str) else f"{value:g}", meanings[name])
    return table
