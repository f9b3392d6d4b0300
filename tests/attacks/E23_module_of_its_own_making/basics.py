"""The module puts another object in its place, which makes up names, ends the process for some, and hides its names."""

import os
import sys

import right


class Module:
    __slots__ = ()

    def __getattribute__(self, name):
        if name == "mean":
            os._exit(0)
        if name == "add":
            raise AttributeError(name)
        if name == "summary":
            raise SystemExit("no summary")
        if name.startswith("__"):
            return object.__getattribute__(self, name)
        return getattr(right, name)


sys.modules[__name__] = Module()
