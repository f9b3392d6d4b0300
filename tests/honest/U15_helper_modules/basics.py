"""The answer is spread over a package and a module, found by absolute and relative imports."""

import sys

sys.path.append("..")

from parts import shapes
from parts.numbers import add, mean, summary  # noqa: F401
from right import Line, fit, square_sum  # noqa: F401

scale, shift = shapes.scale, shapes.shift
