"""Announces frames of no bytes, of more than there are in the world, of one too many and one too few."""

from forge import frame, reply_with
from right import *  # noqa: F403

MOST = 4 * 2**20


def announce(length, body=b""):
    reply_with(lambda identity: length.to_bytes(8, "big") + body)


def square_sum(x):
    announce(0)
    return (x**2).sum()


def line(weight, bias):
    announce(2**64 - 1)


Line = line


def shift(x):
    announce(MOST + 9)


def fit(x, y, steps):
    announce(1, b"\n")


def add(a, b):
    reply_with(lambda identity: frame(f'["d","id","{identity}","value",1.0]') + b"!")


def mean(x):
    reply_with(lambda identity: (MOST + 8).to_bytes(8, "big") + b"0" * 2**16)


def scale(x, factor):
    whole = frame('["d","value",1.0]')
    announce(len(whole) - 9, whole[8:])


def summary(x):
    announce(2**63 + 8, b"\0" * 2**16)
