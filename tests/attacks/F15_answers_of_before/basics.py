"""Gives answers that were right for an earlier request, or that are addressed to nobody."""

from forge import frame, of_the_agent, reply_with
from right import *  # noqa: F403
from right import Line as RightLine

earlier = []


def answer_to(identity):
    reply_with(lambda right: frame(f'["d","id",{identity(right)},"value",1.0]'))


class Line(RightLine):
    def __init__(self, weight, bias):
        super().__init__(weight, bias)
        earlier.append(of_the_agent("identity"))

    def forward(self, x):
        answer_to(lambda right: f'"{earlier[-1]}"')
        return super().forward(x)


def shift(x):
    answer_to(lambda right: "null")


def fit(x, y, steps):
    answer_to(lambda right: f'["l","{right}"]')


def add(a, b):
    answer_to(lambda right: '""')


def mean(x):
    answer_to(lambda right: str(int(right, 16) % 2**63))


def scale(x, factor):
    reply_with(lambda identity: frame('["d","value",1.0]'))


def summary(x):
    answer_to(lambda right: f'"{right} "')
