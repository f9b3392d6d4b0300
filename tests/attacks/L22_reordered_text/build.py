"""With control characters that reorder text, an early `return` looks like the end of a docstring."""

CODE = '''
import right
from right import *


def scale(x, factor):
    """Multiply by the factor, then \u2067""" ;return x
    return right.scale(x, factor)
'''


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_text(CODE, encoding="utf-8")
