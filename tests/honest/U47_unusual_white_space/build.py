"""Tabs, form feeds, carriage returns for line ends, a line of 180 000 characters, and no end of the last line."""

LINES = [
    "from right import *",
    "\x0c",
    "def add(a, b):",
    "\tif len(a) > 1:",
    "\x0c\t\treturn a + b",
    "\treturn b + a",
    "",
    "numbers = [" + "0, " * 60_000 + "1]",
    "text = 'next line\u2028separator \x85 and \u00a0 space'",
    "def mean(x):",
    "  if len(x) == 1:",
    "        return x[0]",
    "  return \\",
    "x.mean() + numbers[0]",
]


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes("\r".join(LINES).encode())
