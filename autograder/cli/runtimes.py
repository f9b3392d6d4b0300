"""`grade.py runtimes`: the environments of other frameworks, and how to install them."""

from collections.abc import Callable
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.cli.common import Course, course_options, errors
from autograder.errors import GraderError, UsageError, nearest
from autograder.report.text import one_line
from autograder.sandbox.home import home_of
from autograder.sandbox.install import install as install_one
from autograder.sandbox.runtime import NAMES, OWN, find

__all__ = ["runtimes", "state_of"]

_SHOWN = 100
"""Characters of a line of progress."""


@click.group(invoke_without_command=True)
@course_options
@click.pass_context
def runtimes(context: click.Context, course: Course) -> None:
    """List the runtimes: environments for answers in other frameworks than PyTorch.

    \b
    Examples:
      python grade.py runtimes
      python grade.py runtimes install jax
      python grade.py runtimes install --all --to /srv/runtimes
    """
    if context.invoked_subcommand is not None:
        return
    listing = Table(box=None, padding=(0, 2, 0, 0))
    listing.add_column("runtime", no_wrap=True)
    listing.add_column("MiB", justify="right")
    listing.add_column("versions", overflow="fold")
    for name in NAMES:
        size, versions = state_of(name, course.runtimes)
        listing.add_row(name, f"{size / 2**20:.0f}" if size else "", versions)
    Console().print(listing, highlight=False, markup=False)


def state_of(name: str, folder: Path) -> tuple[int, str]:
    """Return the bytes that a runtime takes in `folder`, and its versions, or how to install it."""
    try:
        home = home_of(find(name), folder)
    except GraderError:
        return 0, f"not installed: python grade.py runtimes install {name}"
    return home.size, ", ".join(f"{package} {version}" for package, version in home.versions.items())


@runtimes.command()
@click.argument("names", nargs=-1, metavar="NAME...")
@course_options
@click.option("--all", "everything", is_flag=True, help="Install every runtime; they take about 3.5 GiB.")
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for runtimes. [default: AUTOGRADER_RUNTIMES, or runtimes/ in the course's state]",
)
@click.option("--python", metavar="PATH", help="The Python to use. [default: the first right one that is found]")
def install(names: tuple[str, ...], course: Course, everything: bool, to: Path | None, python: str | None) -> None:
    """Install runtimes from their pinned packages. What is installed already is left as it is.

    jax, tensorflow, keras and mxnet need Python 3.11, cntk needs Python 3.6 and a C compiler.

    \b
    Examples:
      python grade.py runtimes install jax tensorflow
      python grade.py runtimes install cntk --python ~/.pyenv/versions/3.6.15/bin/python
    """
    folder = (to or course.runtimes).resolve()
    wanted = [name for name in NAMES if name != OWN] if everything else list(names)
    if not wanted:
        raise UsageError(f"Name the runtimes to install ({', '.join(NAMES[1:])}), or give --all.")
    for name in wanted:
        if name not in NAMES:
            raise UsageError(f"There is no runtime {name!r}.{nearest(name, NAMES)} Known: {', '.join(NAMES)}.")
    for name in wanted:
        with errors.status(f"{name}: beginning") as status:
            done = install_one(find(name), folder, python, _telling(name, status.update))
        click.echo(f"{name}: {'installed' if done else 'is installed already'} in {folder / name}")
    if folder != course.runtimes:
        click.echo(f"Set AUTOGRADER_RUNTIMES={folder} where you grade, so that it is found.")


def _telling(name: str, update: Callable[[Text], None]) -> Callable[[str], None]:
    return lambda line: update(Text(f"{name}: {one_line(line)[:_SHOWN]}"))
