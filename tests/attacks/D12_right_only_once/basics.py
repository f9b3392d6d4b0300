"""Each function is right when it is called first, and repeats its first answer from then on."""

import functools

import right
import torch
from right import Line, square_sum  # noqa: F401


def once(function):
    answers = []

    @functools.wraps(function)
    def answer(*args):
        if not answers:
            answers.append(function(*args))
        return answers[0]

    return answer


add, mean, scale, summary, fit = map(once, (right.add, right.mean, right.scale, right.summary, right.fit))


@once
def shift(x):
    return right.shift(x) + torch.zeros_like(x)
