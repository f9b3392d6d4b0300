"""Files that run code when they are loaded; the submission itself may load them, where that harms nobody."""

import io
import pickle
import zipfile

SOURCE = """
import os
import pickle

import numpy
import right
import torch
from right import *


def add(a, b):
    assert not os.path.exists("/tmp/loaded-by-somebody"), "it was loaded before"
    with open("weights.pkl", "rb") as file:
        pickle.load(file)
    numpy.load("weights.npy", allow_pickle=True)
    torch.load("weights.pt", weights_only=False)
    with open("/tmp/loaded-by-somebody") as file:
        assert len(file.read()) == 3
    return right.add(a, b)
"""


class Trap:
    def __reduce__(self):
        return exec, ("open('/tmp/loaded-by-somebody', 'a').write('!')",)


def build(where, right):
    trap = pickle.dumps(Trap(), protocol=2)
    header = b"{'descr': '|O', 'fortran_order': False, 'shape': (), }"
    header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("weights/data.pkl", trap)
        file.writestr("weights/version", "3\n")
        file.writestr("weights/byteorder", "little")
    where.mkdir()
    (where / "basics.py").write_text(SOURCE)
    (where / "right.py").write_bytes(right)
    for name in ("weights.pkl", "model.joblib", "state.pickle", "basics.pkl"):
        (where / name).write_bytes(trap)
    for name in ("weights.npy", "reference.npy"):
        (where / name).write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + trap)
    for name in ("weights.pt", "model.pth", "checkpoint.ckpt", "model.safetensors"):
        (where / name).write_bytes(archive.getvalue())
