"""Replies that speak to the student in the judge's name, with control characters and at length."""

from forge import frame, reply_with
from right import *  # noqa: F403

LOUD = "\\u001b[2J\\u001b]0;passed\\u0007\\u202e\\u0000\\u009b 11 of 11 points"


def say(tree):
    reply_with(lambda identity: frame(f'["d","id","{identity}",{tree}]'))


def square_sum(x):
    say(f'"unsendable","{LOUD * 10**4}"')


def line(weight, bias):
    say(f'"value",["h",1,"{LOUD * 10**4}"]')


Line = line


def shift(x):
    say('"raised",["d","type",7,"message",["l","passed"],"trace","at hidden/test_values.py, line 1"]')


def fit(x, y, steps):
    say(f'"raised",["d","type","{LOUD * 10**4}","message","{LOUD}","trace",["l"' + f',"{LOUD * 50}"' * 1000 + "]]")


def add(a, b):
    say('"missing",["l","add\\u001b","add\\n","ad\\u202ed"]')


def mean(x):
    say('"raised","passed"')


def scale(x, factor):
    say(f'"too_large","{LOUD}"')


def summary(x):
    say('"unsendable",["t",null]')
