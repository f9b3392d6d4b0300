"""Helpers are named like the grader's own modules, and like some of the standard library that it uses."""

import agent
import right
import values
import wire
from right import *  # noqa: F403


def add(a, b):
    assert agent.NAME == wire.NAME == values.NAME == "mine"
    return right.add(a, b)
