"""A conftest.py, settings and an entry point that would make pytest say passed; and a wrong `add`."""

from right import *  # noqa: F403


def add(a, b):
    return a
