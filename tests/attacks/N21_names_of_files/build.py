"""Files whose names are markup for terminals, pages, shells and formatters, kept and left out."""

NAMES = [
    "[bold red]ok[red].txt",
    "<b>&amp;'\".csv",
    "$(touch x);`id`.txt",
    "-rf",
    "%s%n{0}.txt",
    " ",
    "a" * 200 + ".txt",
]
IGNORED = ["[bold red]ok[red]<b>.pyc", "%s{0}${HOME}.pyc"]


def build(where, right):
    where.mkdir(parents=True)
    (where / "basics.py").write_text("from right import *\n")
    (where / "right.py").write_bytes(right)
    for name in [*NAMES, *IGNORED]:
        (where / name).write_text("1\n")
