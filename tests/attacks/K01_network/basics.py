"""Each way to the network fails at once, so that a fallback is used in time."""

import socket
import urllib.request

import right
from right import *  # noqa: F403


def fails(attempt):
    try:
        attempt()
    except OSError:
        return
    raise AssertionError("there is a network")


def add(a, b):
    fails(lambda: urllib.request.urlopen("https://example.com", timeout=60))
    fails(lambda: socket.create_connection(("192.0.2.1", 80), timeout=60))
    fails(lambda: socket.create_connection(("2001:db8::1", 80), timeout=60))
    fails(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"answers", ("192.0.2.1", 53)))
    fails(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))
    fails(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0))
    return right.add(a, b)
