"""`add` and `Line` are there under other names."""

import right
from right import fit, mean, scale, shift, square_sum, summary  # noqa: F401

Lines = right.Line
addition = right.add
