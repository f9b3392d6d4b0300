"""A worker without a zygote: a whole process that serves one session over its own standard streams.

It runs on any system and is confined by nothing, so it serves only those whose code it is.
"""

import faulthandler
import importlib
import importlib.machinery
import json
import os
import sys
from typing import Any, List, Optional, Tuple

_LIFE_SECONDS = 3600.0


def main(orders: str) -> None:
    """Serve until the judge closes its end.

    `orders` is JSON: the `framework` (as in `Runtime`), the most bytes of a request and of a reply (`request_cap`,
    `reply_cap`), the `modules` to import beforehand, and those that are `hidden` from the student's code.
    """
    told = json.loads(orders)
    requests, replies = _take_streams()
    # Where the judge was killed nobody ends this process, and the student's code may be in a loop.
    faulthandler.dump_traceback_later(_LIFE_SECONDS, exit=True)
    framework = importlib.import_module("." + told["framework"], __package__)
    for name in told["modules"]:
        importlib.import_module(name)
    agent = importlib.import_module(".agent", __package__)
    sys.meta_path.insert(0, _Hiding(told["hidden"]))
    try:
        agent.serve(framework, requests, replies, told["request_cap"], told["reply_cap"])
    except BaseException:
        os._exit(1)  # The student's code has broken its own process.
    os._exit(0)


class _Hiding:
    """Finds none of the packages that are installed here and not where answers are graded."""

    def __init__(self, hidden: List[str]) -> None:
        self._hidden = frozenset(hidden)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Optional[importlib.machinery.ModuleSpec]:
        """End the search for a hidden package, and leave all else to the finders that follow."""
        own = os.path.join(os.getcwd(), name)
        if path is None and name in self._hidden and not os.path.isfile(own + ".py") and not os.path.isdir(own):
            raise ModuleNotFoundError("No module named {!r}".format(name), name=name)
        return None


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
