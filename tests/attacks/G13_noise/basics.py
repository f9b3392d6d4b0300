"""Frames in which some bytes of a right answer have been changed at random, and frames of nothing but noise."""

import random

from forge import frame, reply_with
from right import *  # noqa: F403

draw = random.Random(7)


def noise():
    return draw.randbytes(draw.randrange(1, 2000))


def damaged(identity):
    header = f'["d","id","{identity}","value",["d","low",["f","nan"],"high",["a","int8",[3],"array","cpu",true]]]'
    header = bytearray(header.encode())
    for _ in range(8):
        header[draw.randrange(len(header))] = draw.randrange(32, 256)
    return frame(bytes(header), b"abc")


def sends(make):
    return lambda *arguments: reply_with(make)


Line, fit, mean, summary = [sends(damaged) for _ in range(4)]
square_sum, shift, add, scale = [sends(lambda identity: frame(noise(), noise())) for _ in range(4)]
