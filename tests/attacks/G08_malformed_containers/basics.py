"""Dicts with a key twice, half a pair or no text for a key; sizes that are true, negative or broken; unknown tags."""

from forge import frame, reply_with, value
from right import *  # noqa: F403


def square_sum(x):
    value('["d","low",1.0,"low",2.0]')


def line(weight, bias):
    value('["h",true,"Line"]')


Line = line


def shift(x):
    value('["b",-1]')


def fit(x, y, steps):
    value('["t",["p","float32",1],["p","float64",true]]')


def add(a, b):
    value("[]")


def mean(x):
    value('[["l"],1.0]')


def scale(x, factor):
    value('["s",["l",1.0]]')


def summary(x):
    reply_with(lambda identity: frame(f'["d","id","{identity}","id","{identity}","value",["d","low"]]'))
