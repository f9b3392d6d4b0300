"""What both command lines are: a group of commands, each imported when it is asked for, and errors as exit statuses."""

import importlib
from collections.abc import Mapping
from typing import Any

import click

from autograder.errors import GraderError, UsageError

__all__ = ["Commands"]


class _Failure(click.ClickException):
    """The grader was at fault."""

    exit_code = 1


class _Misuse(click.ClickException):
    """What was asked for cannot be done as asked."""

    exit_code = 2


class Commands(click.Group):
    """A group whose commands stand in modules of their own.

    No command pays for the imports of another, and a system that lacks what one of them needs can run the others.
    """

    def __init__(self, *args: Any, places: Mapping[str, str], **kwargs: Any) -> None:
        """`places` maps the name of each command to its place, as in `"autograder.cli.run:run"`."""
        super().__init__(*args, **kwargs)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._places:
            return None
        module, _, name = self._places[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GraderError as error:
            raise (_Misuse if isinstance(error, UsageError) else _Failure)(str(error)) from error
