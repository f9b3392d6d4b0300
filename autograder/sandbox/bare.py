"""Practice only: a zygote without any confinement, on any machine. Marks made with it are stamped not valid."""

import os
from pathlib import Path

from autograder.sandbox import runtime as runtimes
from autograder.sandbox.boot import WORKER_FOLDER
from autograder.sandbox.bubblewrap import ZYGOTE
from autograder.sandbox.home import home_of
from autograder.sandbox.zygote import Recipe

__all__ = ["practice_recipe"]


def practice_recipe(runtime_name: str, folder: Path | None = None) -> Recipe:
    """Return the recipe of a worker that can do whatever the person who runs the grader can.

    `folder` is where runtimes are installed; the grader's own needs none.

    Raises:
        RuntimeMissing: the runtime is not installed there.
    """
    runtime = runtimes.find(runtime_name)
    home = home_of(runtime, folder)
    return Recipe(
        tier="practice",
        command=(home.python, "-I", "-S", "-B", "-c", ZYGOTE, str(WORKER_FOLDER)),
        environment={**runtimes.environment(runtime), "PATH": os.environ.get("PATH", "")},
        orders={
            "mount_proc": False,
            "uid": None,
            "paths": home.paths,
            "preload": runtime.preload,
            "framework": runtime.framework,
            "seccomp": "",
        },
        namespaces=False,
        proc=False,
        versions={} if runtime.name == runtimes.OWN else home.versions,
    )
