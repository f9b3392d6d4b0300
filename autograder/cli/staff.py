"""The commands of `grade.py`, for teaching assistants, instructors and CI."""

import click

from autograder import __version__
from autograder.cli.commands import Commands

__all__ = ["cli", "main"]


@click.group(
    cls=Commands,
    places={
        "run": "autograder.cli.run:run",
        "batch": "autograder.cli.batch:batch",
        "inbox": "autograder.cli.inbox:inbox",
        "regrade": "autograder.cli.regrade:regrade",
        "flaky": "autograder.cli.flaky:flaky",
        "release": "autograder.cli.release:release",
        "pr": "autograder.cli.pr:pr",
        "nbgrader": "autograder.cli.nbgrader:nbgrader",
        "export": "autograder.cli.export:export",
        "new": "autograder.cli.new:new",
        "audit": "autograder.cli.audit:audit_command",
        "runtimes": "autograder.cli.runtimes:runtimes",
        "doctor": "autograder.cli.doctor:doctor",
    },
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


def main() -> None:
    """Run the command line."""
    cli(prog_name="grade.py")
