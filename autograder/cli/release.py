"""`grade.py release`: write what students get, for each of the ways in which they get it."""

from pathlib import Path

import click

from autograder.assignment import load, slugs
from autograder.cli.common import Course, course_options, errors
from autograder.errors import UsageError
from autograder.report.text import counted


@click.command()
@click.argument("names", nargs=-1, metavar="[SLUG]... [FOLDER]")
@course_options
@click.option("--nbgrader", type=click.Path(file_okay=False, path_type=Path), help="Write nbgrader source notebooks.")
@click.option("--github", type=click.Path(file_okay=False, path_type=Path), help="Write a repository for students.")
def release(names: tuple[str, ...], course: Course, nbgrader: Path | None, github: Path | None) -> None:
    """Write what students get of the exercises SLUG, or of all, and nothing hidden.

    Into FOLDER goes what `autograder list` and `get` show: for each exercise the stub, the handout, hints, the public
    tests and a notebook, and the course's rules without the roster. --nbgrader writes source notebooks into an nbgrader
    course instead, --github a repository with the two workflows that grade pull requests.

    \b
    Examples:
      python grade.py release /courses/deep-learning
      python grade.py release parameter_norm gpu_move /courses/deep-learning
      python grade.py release parameter_norm --nbgrader nbgrader-course
      python grade.py release --github student-repository
    """
    if nbgrader is not None and github is not None:
        raise UsageError("Name one of --nbgrader and --github; run the command twice for both.")
    elsewhere = nbgrader or github
    if elsewhere is None and not names:
        raise UsageError("Name the folder to write into: python grade.py release [SLUG]... FOLDER")
    chosen, folder = (names, elsewhere) if elsewhere else (names[:-1], Path(names[-1]))
    if elsewhere is None and names[-1] in slugs(course.root):
        raise UsageError(
            f"{names[-1]} is an exercise. Name the folder last: python grade.py release {names[-1]} FOLDER"
        )
    wanted = [load(course.root, slug).slug for slug in chosen or slugs(course.root)]
    if nbgrader is not None:
        from autograder.nbgrader.source import write_source

        written = [write_source(course.root, slug, nbgrader) for slug in wanted]
    elif github is not None:
        from autograder.github.release import write_repository

        written = write_repository(course.root, wanted, github)
    else:
        from autograder.authoring.release import write_course

        written = write_course(course.root, course.rules(needed=False), wanted, folder)
    errors.print(f"{counted(len(written), 'file')} in {folder}", markup=False, highlight=False)
