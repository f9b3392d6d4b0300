"""Importing it divides by zero."""

from right import *  # noqa: F403

print("about to fail")
ratio = 1 / 0
