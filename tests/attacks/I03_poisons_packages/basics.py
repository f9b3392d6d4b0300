"""`add` tries to change, replace, remove, rename and shadow the libraries and modules that all submissions share."""

import glob
import os
import sys

import numpy
import right
import torch
from right import *  # noqa: F403


def fails(attempt, *args, **kwargs):
    try:
        attempt(*args, **kwargs)
    except OSError:
        return
    raise AssertionError((attempt, args))


def targets():
    yield from (torch.__file__, numpy.__file__, os.__file__, sys.executable, os.path.realpath(sys.executable))
    yield from glob.glob("/runtime/**/*.py", recursive=True)[:200]
    with open("/proc/self/maps") as file:
        yield from sorted({line.split()[5] for line in file if ".so" in line})


def add(a, b):
    for path in targets():
        folder = os.path.dirname(path)
        for mode in ("a", "r+b", "wb"):
            fails(open, path, mode)
        fails(os.truncate, path, 0)
        fails(os.unlink, path)
        fails(os.rename, path, f"{path}.old")
        fails(os.replace, __file__, path)
        fails(os.chmod, path, 0o777)
        fails(os.utime, path)
        fails(os.utime, path, (0, 0))
        fails(os.chown, path, os.getuid(), os.getgid())
        fails(os.setxattr, path, "user.note", b"note")
        fails(os.symlink, __file__, f"{folder}/note.py")
        fails(os.link, path, f"{folder}/note.py")
        fails(os.link, path, "note.py")
        fails(open, f"{folder}/zzz.pth", "w")
        fails(os.mkdir, f"{folder}/__pycache__")
        fails(os.mkdir, f"{folder}/note")
    for folder in {*sys.path, *filter(os.path.isdir, glob.glob("/runtime/site-packages/*"))} - {os.getcwd()}:
        fails(open, f"{folder}/sitecustomize.py", "w")
        fails(os.rename, folder, f"{folder}.old")
        fails(os.chmod, folder, 0o777)
    return right.add(a, b)
