"""Escape sequences that clear the screen, fill the clipboard, make links and write over lines, in every text shown."""

import os

from right import *  # noqa: F403

CLIPBOARD = "\x1b]52;c;cm0gLXJm\x07"
LINK = "\x1b]8;;https://evil.example\x1b\\all tests passed\x1b]8;;\x1b\\"


def hidden(error):
    raise error


def add(a, b):
    raise ValueError(f"{CLIPBOARD}\x9b2J\x1b[32m✓ passed\x1b[0m\x7f\x08\x08\r")


def mean(x):
    class Error(Exception):
        pass

    def named(error):
        raise error

    Error.__name__ = "\x1b[1A\x1b[2K✓"
    named.__code__ = named.__code__.replace(co_name="\x1b[8m")
    named(Error("\x1bc"))


def scale(x, factor):
    print(f"\x1b[2J\x1b[H{LINK}\r12 / 12\x08\x08")
    print("\x1b[?1049h\x0e\x05\x1b[6n", flush=True)
    return "nothing"


def summary(x):
    os.write(1, b"\x9b2J \xc2\x9b forged \xff\xfe\x00\n")
