"""`__all__`, star imports, aliases, names made at run time, `del`, and a module that answers for what it lacks."""

import importlib

from parts import *  # noqa: F403
from parts import __all__ as _parts

__all__ = ["Line", "add", "fit", *_parts]  # noqa: F405

_right = importlib.import_module("right")
for _name in ("Line", "square_sum"):
    globals()[_name] = getattr(_right, _name)
del _name

plus = lambda a, b: a + b  # noqa: E731
add = plus


def __getattr__(name):
    if name in ("fit", "shift"):
        return getattr(_right, name)
    raise AttributeError(name)


if __name__ == "basics":
    from right import mean  # noqa: F401
