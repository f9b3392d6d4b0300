"""`add` asks for a socket of every family, type and protocol; only harmless ones may be had."""

import contextlib
import socket

import right
from right import *  # noqa: F403

HARMLESS = {socket.AF_UNIX, socket.AF_INET, socket.AF_INET6}
TYPES = (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_RDM, socket.SOCK_SEQPACKET, 6, 10)
PROTOCOLS = (0, 1, 2, 3, 6, 15, 16, 17, 21, 33, 58, 115, 132, 255)


def add(a, b):
    for family in range(64):
        for kind in TYPES:
            for protocol in PROTOCOLS:
                with contextlib.suppress(OSError):
                    socket.socket(family, kind, protocol).close()
                    assert family in HARMLESS, (family, kind)
                    assert kind != socket.SOCK_RAW or family == socket.AF_UNIX, (family, kind)
                    assert protocol in (0, 1, 6, 17), (family, protocol)
        with contextlib.suppress(OSError):
            for end in socket.socketpair(family):
                end.close()
            assert family == socket.AF_UNIX, family
    return right.add(a, b)
