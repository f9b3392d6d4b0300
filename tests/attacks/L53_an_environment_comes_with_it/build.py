"""Somebody's whole environment of packages."""


def build(where, right):
    packages = where / "venv/lib/python3.11/site-packages"
    packages.mkdir(parents=True)
    (where / "basics.py").write_text("from right import *\n")
    (where / "right.py").write_bytes(right)
    for number in range(250):
        (packages / f"module{number}.py").touch()
