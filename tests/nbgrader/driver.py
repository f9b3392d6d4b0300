"""Runs several commands of the real nbgrader in one process, because starting it takes seconds.

Reads a JSON list of `[folder, [argument, ...]]` from standard input; ends with the status of the first that failed.
"""

import json
import os
import sys

from nbgrader.apps import NbGraderApp


def run(folder: str, arguments: list[str]) -> int:
    """Run one command in a folder, and return its status."""
    os.chdir(folder)
    NbGraderApp.clear_instance()
    try:
        NbGraderApp.launch_instance(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def main() -> None:
    for folder, arguments in json.load(sys.stdin):
        status = run(folder, arguments)
        if status:
            print(f"nbgrader {' '.join(arguments)} ended with {status}", file=sys.stderr)
            sys.exit(status)


if __name__ == "__main__":
    main()
