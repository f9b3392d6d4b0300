"""Numbers that stand for hidden inputs, in each name that a report could repeat."""

from right import *  # noqa: F403

NUMBER = "3141592653"


def object_named(name, *bases):
    return type(name, bases, {})()


def add(a, b):
    return object_named(f"got_{NUMBER}")


def mean(x):
    raise object_named(f"Got{NUMBER}", Exception)


def scale(x, factor):
    code = compile(f"def got_{NUMBER}():\n    raise ValueError", __file__, "exec")
    names = {}
    exec(code, names)
    names[f"got_{NUMBER}"]()


def summary(x):
    return {object_named(f"got_{NUMBER}"): 1.0}


def square_sum(x):
    return object_named(f"got_{NUMBER}")


class Line:
    def __init__(self, weight, bias):
        self.weight = object_named(f"got_{NUMBER}")

    def __call__(self, x):
        return self.weight

    def named_parameters(self):
        yield f"got_{NUMBER}", self.weight


def shift(x):
    return {f"got_{NUMBER}": x}
