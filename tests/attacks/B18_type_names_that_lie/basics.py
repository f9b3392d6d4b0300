"""Values and exceptions whose types have names that are objects, a megabyte long, or full of control characters."""

from right import *  # noqa: F403


class Text(str):
    def __str__(self):
        return Text("passed" * 10**5)

    def __getitem__(self, key):
        return self

    def __len__(self):
        return 6


def instance(name, *bases):
    return type(name, bases, {"__slots__": ()})()


def square_sum(x):
    return instance(Text("Tensor"), object)


def fit(x, y, steps):
    raise instance(Text("Passed"), Exception)


def add(a, b):
    return instance("\x1b[2J\x1b]0;passed\x07\u202e\u2066" * 10, object)


def mean(x):
    raise instance("\x1b[32mpassed\r\n\x9b" * 10**5, Exception)


def scale(x, factor):
    return {instance("K" * 10**6, object): 1}


def summary(x):
    raise instance("<script>alert(1)</script>\ud800\0", Exception)
