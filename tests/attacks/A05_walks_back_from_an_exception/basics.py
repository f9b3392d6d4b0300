"""`add` walks from tracebacks, threads and the garbage collector to every frame there is; `mean` from its own error."""

import gc
import os
import sys
import types

import right
from right import *  # noqa: F403

CANARY = "canary of the " + "golden course"
OWN = (os.getcwd(), "/runtime/", sys.base_prefix, "<")
HIDDEN = {"student", "reference", "compare", "draw", "expected", "secret", "suite", "item", "case", "connection"}


def frames():
    found = list(sys._current_frames().values())
    try:
        raise RuntimeError
    except RuntimeError as error:
        found.append(error.__traceback__.tb_frame)
    found += [thing for thing in gc.get_objects() if isinstance(thing, types.FrameType)]
    for frame in found:
        while frame is not None:
            yield frame
            frame = frame.f_back


def add(a, b):
    for frame in frames():
        assert frame.f_code.co_filename.startswith(OWN), frame
        assert not HIDDEN & frame.f_locals.keys(), frame
        assert CANARY not in str(frame.f_globals.get("__doc__")), frame
    return right.add(a, b)


def mean(x):
    error = ValueError("an exception with a history")
    error.__cause__ = KeyError("expected")
    frame = sys._getframe()
    while frame is not None:
        error.add_note(str(frame.f_locals.keys()))
        error = error.with_traceback(types.TracebackType(error.__traceback__, frame, frame.f_lasti, 1))
        frame = frame.f_back
    raise error
