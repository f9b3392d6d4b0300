"""`add` looks at every module in memory, and at what importing leaves behind."""

import gc
import os
import sys
import types

import right
from right import *  # noqa: F403

CANARY = "canary of the " + "golden course"
OWN = (os.getcwd(), "/runtime/", sys.base_prefix)


def add(a, b):
    modules = {id(module): module for module in sys.modules.values() if isinstance(module, types.ModuleType)}
    modules |= {id(thing): thing for thing in gc.get_objects() if isinstance(thing, types.ModuleType)}
    for module in modules.values():
        file = vars(module).get("__file__")
        assert not isinstance(file, str) or file.startswith(OWN), module
        assert module.__name__.partition(".")[0] not in ("pytest", "_pytest", "pluggy", "autograder", "conftest"), (
            module
        )
        assert CANARY not in str(vars(module).get("__doc__")), module
    assert not [path for path in sys.path_importer_cache if "golden" in path or "hidden" in path]
    assert not [path for path in sys.path if not path.startswith(OWN)], sys.path
    return right.add(a, b)
