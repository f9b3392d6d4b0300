#!/usr/bin/env python3
"""Grade submissions: `python grade.py --help`."""

import sys

if __name__ == "__main__":
    try:
        # Imported here, because each slot's process imports this file again.
        from autograder.cli.staff import main

        main()
    except ModuleNotFoundError as error:
        if (error.name or "autograder").split(".")[0] == "autograder":
            raise
        sys.exit(
            f"grade.py needs the package {error.name}, which {sys.executable} does not have. "
            "Run `make setup` once, then: .venv/bin/python grade.py (or first: source .venv/bin/activate)."
        )
