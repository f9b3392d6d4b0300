"""Hooks of every kind watch from the import on what is called, opened and imported; `summary` looks through it."""

import os
import sys
import threading

import right
from right import *  # noqa: F403

CANARY = "canary of the " + "golden course"
OWN = (os.getcwd(), "/runtime/", sys.base_prefix, "<")
FORBIDDEN = ("pytest", "autograder.", "test_values", "test_learning", "reference")
files, events, values = set(), set(), []


def watch(frame, event, arg):
    files.add(frame.f_code.co_filename)
    if event == "call":
        values.extend(value for value in frame.f_locals.values() if type(value) is str)


def hear(event, arguments):
    events.update((event, argument) for argument in arguments if type(argument) is str)


sys.setprofile(watch)
threading.settrace(watch)
sys.addaudithook(hear)


def summary(x):
    sys.setprofile(None)
    assert files
    assert all(file.startswith(OWN) for file in files), files
    for event, argument in list(events):
        assert CANARY not in argument, event
        assert not (event in ("open", "import") and any(word in argument for word in FORBIDDEN)), (event, argument)
    assert not any(CANARY in value for value in values)
    return right.summary(x)
