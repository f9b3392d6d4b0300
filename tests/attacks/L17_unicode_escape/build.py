"""A comment in which an escape sequence begins a line of code, for whoever decodes it as the source asks."""


def build(where, right):
    where.mkdir(parents=True)
    (where / "right.py").write_bytes(right)
    (where / "basics.py").write_bytes(
        b"# coding: unicode_escape\nfrom right import *\n# \\u000adef add(a, b): return a\n"
    )
