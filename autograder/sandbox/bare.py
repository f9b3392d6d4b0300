"""Practice only: a zygote without any confinement, on any machine. Marks made with it are stamped not valid."""

import os
import sys
import sysconfig

from autograder.sandbox import runtime as runtimes
from autograder.sandbox.boot import WORKER_FOLDER
from autograder.sandbox.bubblewrap import ZYGOTE
from autograder.sandbox.zygote import Recipe

__all__ = ["practice_recipe"]


def practice_recipe(runtime_name: str) -> Recipe:
    """Return the recipe of a worker that can do whatever the person who runs the grader can."""
    runtime = runtimes.find(runtime_name)
    return Recipe(
        tier="practice",
        command=(os.path.realpath(sys.executable), "-I", "-S", "-B", "-c", ZYGOTE, str(WORKER_FOLDER)),
        environment={**runtimes.environment(), "PATH": os.environ.get("PATH", "")},
        orders={
            "mount_proc": False,
            "uid": None,
            "paths": [sysconfig.get_path("platlib"), sysconfig.get_path("purelib")],
            "preload": runtime.preload,
            "framework": runtime.framework,
            "seccomp": "",
        },
        namespaces=False,
        proc=False,
    )
