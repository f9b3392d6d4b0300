"""Importing it raises an exception with megabytes of escape sequences and markup, after printing as many."""

from right import *  # noqa: F403

NOISE = "\x1b[2J<script>\u202e\u2028\x00"
print(NOISE * 100_000)
raise ImportError(NOISE * 100_000 + "the end")
