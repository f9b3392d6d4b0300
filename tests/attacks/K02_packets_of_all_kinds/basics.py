"""`add` tries each kind of packet, each way to send one, and to be somebody else's neighbour; nothing may leave."""

import contextlib
import os
import socket

import right
from right import *  # noqa: F403

TARGETS = [
    "192.0.2.1",
    "127.0.0.1",
    "10.0.2.2",
    "172.17.0.1",
    "169.254.169.254",
    "255.255.255.255",
    "224.0.0.1",
    "0.0.0.0",
]
TARGETS_6 = ["2001:db8::1", "::1", "fe80::1", "ff02::1", "fd00:ec2::254", "::ffff:192.0.2.1"]
STREAMS = [0, 6, 132, 262]  # TCP by two names, SCTP, MPTCP
DATAGRAMS = [0, 1, 17, 136]  # UDP by two names, ICMP, UDP-Lite


def sends(family, kind, protocol, address):
    with contextlib.suppress(OSError), socket.socket(family, kind, protocol) as there:
        there.settimeout(0.1)
        with contextlib.suppress(OSError):
            there.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            there.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
        with contextlib.suppress(OSError):
            there.connect((address, 53))
            return True
        if kind == socket.SOCK_STREAM:
            with contextlib.suppress(OSError):
                return there.sendto(b"answers", socket.MSG_FASTOPEN, (address, 80)) > 0
        with contextlib.suppress(OSError):
            return there.sendto(b"answers", (address, 53)) > 0
    return False


def add(a, b):
    with open("/proc/net/dev") as file:
        assert [line.split(":")[0].strip() for line in file if ":" in line] == ["lo"]
    for family, targets in ((socket.AF_INET, TARGETS), (socket.AF_INET6, TARGETS_6)):
        for target in targets:
            for protocol in STREAMS:
                assert not sends(family, socket.SOCK_STREAM, protocol, target), (target, protocol)
            for protocol in DATAGRAMS:
                assert not sends(family, socket.SOCK_DGRAM, protocol, target), (target, protocol)
            for protocol in (1, 255):
                assert not sends(family, socket.SOCK_RAW, protocol, target), (target, protocol)
    for name in ("route", "arp", "tcp", "udp", "raw", "packet"):
        with contextlib.suppress(OSError), open(f"/proc/net/{name}") as file:
            assert len(file.readlines()) <= 1, name
    assert not os.path.exists("/etc/resolv.conf")
    return right.add(a, b)
