"""Short texts that cost parsers, printers and matchers without end."""

import json
import re

from right import *  # noqa: F403


def add(a, b):
    return re.fullmatch("(a|a)*b", "a" * 60)


def mean(x):
    return json.loads("[" * 10**6)


def scale(x, factor):
    return eval("-" * 10**6 + "1")


def summary(x):
    return {"low": f"{1:1000000000d}", "high": 0.0}


def shift(x):
    return int("9" * 10**6)


def fit(x, y, steps):
    return compile("(" * 10**5 + ")" * 10**5, "bomb", "eval")
