"""Bytecode without its source, so that nobody can read what it does."""

import importlib.util
import marshal


def build(where, right):
    code = compile(right, "basics.py", "exec")
    where.mkdir(parents=True)
    (where / "basics.pyc").write_bytes(importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code))
    (where / "basics.so").write_bytes(b"\x7fELF")
