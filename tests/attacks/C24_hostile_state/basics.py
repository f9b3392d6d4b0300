"""A state of 300 000 entries, and one whose names are paths, attributes and markup, among them the right ones."""

import right
from right import *  # noqa: F403

NAMES = ["../../basics.py", "/etc/passwd", "__class__", "__dict__", "\0", "\x1b[2J", "<script>", "", "a" * 10_000]


def summary(x):
    return {**right.summary(x), **{str(number): 0.0 for number in range(300_000)}}


class Line(right.Line):
    def named_parameters(self, *args, **kwargs):
        for name in NAMES:
            yield name, self.weight
        yield from super().named_parameters(*args, **kwargs)


def fit(x, y, steps):
    return dict.fromkeys(NAMES, 0.0)
