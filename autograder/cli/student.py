"""The commands of `autograder`, for students."""

import click

from autograder import __version__
from autograder.cli.commands import Commands

__all__ = ["cli", "main"]


@click.group(
    cls=Commands,
    places={
        "list": "autograder.cli.exercises:list_",
        "get": "autograder.cli.exercises:get",
        "check": "autograder.cli.check:check",
        "submit": "autograder.cli.submit:submit",
        "status": "autograder.cli.answers:status",
        "feedback": "autograder.cli.answers:feedback",
    },
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit status: 0 it worked; 1 it failed, and the message says why (check: some public tests do not pass); "
    "2 it cannot be done as asked.",
)
@click.version_option(__version__, prog_name="autograder")
def cli() -> None:
    """Get the exercises of a course, check your answers, hand them in, and read your feedback.

    \b
    The way of an exercise:
      autograder list
      autograder get parameter_norm
      cd parameter_norm              then write your answer in parameter_norm.py
      autograder check
      autograder submit parameter_norm.py
      autograder feedback
    """


def main() -> None:
    """Run the command line."""
    cli(prog_name="autograder")
