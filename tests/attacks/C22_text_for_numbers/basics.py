"""Text where a number belongs; with a NUL, half a surrogate pair, and a terminal's escape sequence."""

from right import *  # noqa: F403


def add(a, b):
    return "1.0"


def mean(x):
    print("\x1b[2Jpassed \ud800".encode("utf-8", "surrogatepass").decode("latin-1"))
    return "\x00\ud800\x1b[31m"
