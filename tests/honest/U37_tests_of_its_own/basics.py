"""Comes with the tests and the conftest.py of the starter kit; the word pytest proves nothing."""

from right import *  # noqa: F403
