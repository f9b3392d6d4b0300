"""The commands of `grade.py`: parse, call, print."""

from typing import Any

import click

from autograder import __version__
from autograder.cli.batch import batch
from autograder.cli.doctor import doctor
from autograder.cli.run import run
from autograder.errors import GraderError, UsageError

__all__ = ["cli", "main"]


class _Failure(click.ClickException):
    """The grader was at fault."""

    exit_code = 1


class _Misuse(click.ClickException):
    """What was asked for cannot be done as asked."""

    exit_code = 2


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GraderError as error:
            raise (_Misuse if isinstance(error, UsageError) else _Failure)(str(error)) from error


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 everything was graded, whatever the grades; 1 the grader failed somewhere; 2 misuse.",
)
@click.version_option(__version__, prog_name="grade.py")
def cli() -> None:
    """Grade deep-learning exercises with hidden tests, in a sandbox.

    \b
    Examples:
      python grade.py run parameter_norm examples/class/parameter_norm/ada
      python grade.py batch parameter_norm submissions/ --report report
      python grade.py doctor
    """


cli.add_command(run)
cli.add_command(batch)
cli.add_command(doctor)


def main() -> None:
    """Run the command line."""
    cli(prog_name="grade.py")
