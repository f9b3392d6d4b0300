"""What README and docs tell people to type exists: each command, and each option that stands on its line."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from autograder.cli.staff import cli as staff
from autograder.cli.student import cli as student

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHIPPED = [*sorted((ROOT / "student_template").rglob("*.md")), *sorted((ROOT / "autograder").rglob("*.yml"))]
TYPED = re.compile(
    r"(?:python[\d.]*|\.venv/bin/python|autograder) grade\.py (?P<staff>[^\n`|#]+)"
    r"|\bautograder (?P<student>[a-z][^\n`|#]*)"
)
LINKS = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def typed(path: Path) -> Iterator[tuple[click.Group, list[str]]]:
    """Yield the command lines in the code of a page, each with the group that it is for."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    code = re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL) if path.suffix == ".md" else [text]
    for block in code:
        for match in TYPED.finditer(block):
            line = match["staff"] or match["student"]
            if line:
                yield (staff if match["staff"] else student), line.split()


@pytest.mark.parametrize("path", [*PAGES, *SHIPPED], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_that_a_page_names_exists_with_its_options(path: Path) -> None:
    for group, words in typed(path):
        context = click.Context(group)
        command: click.Command = group
        while isinstance(command, click.Group) and words and re.fullmatch(r"[a-z]+", words[0]):
            found = command.get_command(context, words[0])
            assert found is not None, f"{' '.join(words)}: no such command"
            command, words = found, words[1:]
        known = {name for parameter in command.params for name in parameter.opts} | {"--help", "--version"}
        options = [word.split("=")[0].strip("[].,;:)'\"") for word in words if word.startswith(("--", "[--"))]
        assert [option for option in options if option not in known] == [], f"{command.name} {' '.join(words)}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_page_and_file_that_a_page_links_to_is_there(path: Path) -> None:
    links = LINKS.findall(path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_readme_names_every_command_of_students_and_the_main_ones_of_staff() -> None:
    named = {words[0] for _, words in typed(ROOT / "README.md")}
    assert set(student.list_commands(click.Context(student))) <= named
    assert set(staff.list_commands(click.Context(staff))) <= named
