"""A worker without a zygote: a whole process that serves one session over its own standard streams.

It runs on any system and is confined by nothing, so it serves only those whose code it is.
"""

import faulthandler
import importlib
import os
import sys
from typing import List, Tuple

_LIFE_SECONDS = 3600.0


def main(arguments: List[str]) -> None:
    """Serve until the judge closes its end.

    The arguments are the framework's module (as in `Runtime.framework`), the most bytes of a request and of a reply,
    and the modules to import beforehand.
    """
    framework_name, request_cap, reply_cap, modules = arguments[0], int(arguments[1]), int(arguments[2]), arguments[3:]
    requests, replies = _take_streams()
    # Where the judge was killed nobody ends this process, and the student's code may be in a loop.
    faulthandler.dump_traceback_later(_LIFE_SECONDS, exit=True)
    framework = importlib.import_module("." + framework_name, __package__)
    for name in modules:
        importlib.import_module(name)
    agent = importlib.import_module(".agent", __package__)
    try:
        agent.serve(framework, requests, replies, request_cap, reply_cap)
    except BaseException:
        os._exit(1)  # The student's code has broken its own process.
    os._exit(0)


def _take_streams() -> Tuple[int, int]:
    """Take the standard streams away from what will run here: it reads nothing, and all that it prints is output."""
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        # Bytes, not lines of text whose ends are translated.
        for descriptor in (requests, replies):
            msvcrt.setmode(descriptor, os.O_BINARY)
    return requests, replies
