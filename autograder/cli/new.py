"""`grade.py new`: begin an exercise."""

import click

from autograder.authoring.new import scaffold
from autograder.cli.common import Course, course_options, errors, write_file


@click.command()
@click.argument("slug")
@course_options
@click.option("--title", help="What students call the exercise. [default: made of the slug]")
def new(slug: str, course: Course, title: str | None) -> None:
    """Begin an exercise named SLUG: a small one that is sound already, to be changed a piece at a time.

    Its files have comments where an author needs them; docs/authoring.md is the manual.

    \b
    Examples:
      python grade.py new batch_norm --title "Batch normalisation"
      python grade.py audit batch_norm
    """
    files = scaffold(course.root, slug, title or slug.replace("_", " ").capitalize())
    for path, text in files.items():
        write_file(path, text.encode(), option="--course")
        click.echo(path.relative_to(course.root).as_posix())
    errors.print(f"Change them, and prove them: python grade.py audit {slug}", markup=False, highlight=False)
