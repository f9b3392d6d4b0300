"""`add` rewrites every file of the submission, adds compiled ones and start-up files, and ends its process."""

import glob
import os
import py_compile

import right
from right import *  # noqa: F403

MARK = "re" + "written"
WRONG = f"# {MARK}\nfrom right import *\ndef mean(x):\n    return 12345.0\n"


def add(a, b):
    for path in ("basics.py", "right.py", "sitecustomize.py", "usercustomize.py", "conftest.py"):
        with open(path, "w") as file:
            file.write(WRONG)
        py_compile.compile(path, doraise=True)
    os.mkdir("basics")
    os.rename("right.py", "basics/__init__.py")
    os.chmod(".", 0o500)
    os._exit(0)


def mean(x):
    for path in glob.glob("**", recursive=True):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                assert MARK.encode() not in file.read(), path
    assert sorted(glob.glob("*.py")) == ["basics.py", "right.py"]
    return right.mean(x)
