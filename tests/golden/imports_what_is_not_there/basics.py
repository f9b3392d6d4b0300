"""It needs a package that graded work does not have: not pytest, and not the grader."""

from right import *  # noqa: F403

try:
    import autograder  # noqa: F401
except ImportError:
    import pytest  # noqa: F401
