"""A PNG of 100 000 by 100 000 pixels, an SVG with a script, and a figure, where numbers belong."""

import struct
import zlib

import matplotlib.pyplot as plt
from right import *  # noqa: F403


def chunk(kind, data):
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def add(a, b):
    head = chunk(b"IHDR", struct.pack(">LLBBBBB", 100_000, 100_000, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(2**20))) + chunk(b"IEND", b"")


def mean(x):
    return "<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9' onload='alert(1)'><script/></svg>"


def scale(x, factor):
    return plt.figure()
