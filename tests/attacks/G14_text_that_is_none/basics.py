"""Half surrogate pairs, NUL, text that is not ASCII, and keys of a megabyte."""

from forge import frame, reply_with, value
from right import *  # noqa: F403


def square_sum(x):
    value('"\\ud800"')


def line(weight, bias):
    value('["h",1,"\\udfff"]')


Line = line


def shift(x):
    value('["d","\\ud800",1.0]')


def fit(x, y, steps):
    value('"caf\u00e9"')


def add(a, b):
    value('"\\u0000\\u2028]]>\\u202e"')


def mean(x):
    reply_with(lambda identity: frame(b'["d","id","' + identity.encode() + b'","value","\xc0\x80\xff"]'))


def scale(x, factor):
    value('["d","' + "k" * 10**6 + '",1.0]')


def summary(x):
    value('["d","\\u0000low",1.0,"lo\\u0077",1.0,"high\\u2028",1.0]')
