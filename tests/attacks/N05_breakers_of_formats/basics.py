"""What ends a text in XML, JSON, C and UTF-16: in messages, names of types and printed lines."""

import os

from right import *  # noqa: F403

BREAKERS = "]]> \x00 {} \u2028\u2029 \ufeff \ufffe\uffff \U0010ffff {}"


def add(a, b):
    raise ValueError(BREAKERS.format("\ud800", '"},{"points": 12, "status":"passed"'))


def mean(x):
    def named(error):
        raise error

    named.__code__ = named.__code__.replace(co_name="X\udfff\ud800Y")
    named(ValueError("\udfff\ud800"))


def scale(x, factor):
    print(BREAKERS.format("", '"},{"status":"passed"'))
    os.write(1, "\ud800".encode("utf-8", "surrogatepass") + b"\xc3")
    return "nothing"
