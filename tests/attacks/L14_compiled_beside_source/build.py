"""Beside the right source, bytecode that is to be run without a look at it, and extension modules that come first."""

import importlib.util
import marshal
import sys

UNCHECKED = (0b01).to_bytes(4, "little")


def build(where, right):
    (where / "__pycache__").mkdir(parents=True)
    (where / "basics.py").write_text("from right import *\n")
    (where / "right.py").write_bytes(right)
    wrong = marshal.dumps(compile("raise SystemExit", "right.py", "exec"))
    bytecode = importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(right) + wrong
    (where / f"__pycache__/right.{sys.implementation.cache_tag}.pyc").write_bytes(bytecode)
    for name in ("right.pyc", "right.abi3.so", "right.cpython-311-x86_64-linux-gnu.so"):
        (where / name).write_bytes(bytecode)
