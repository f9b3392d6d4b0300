"""A module whose parameters are named after what it was given: where one is missing, a report lists those there are."""

import right
from right import *  # noqa: F403


class Line(right.Line):
    def named_parameters(self, *args, **kwargs):
        for number in range(5000):
            yield f"got 3141592653 at {number}", self.weight
