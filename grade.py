#!/usr/bin/env python3
"""Grade submissions: `python grade.py --help`."""

if __name__ == "__main__":
    # Imported here, because each slot's process imports this file again.
    from autograder.cli.staff import main

    main()
