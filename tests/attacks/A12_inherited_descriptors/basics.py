"""`add` looks at every descriptor that it was given, for a file, a folder, a socket or a deleted file among them."""

import fcntl
import os
import stat

import right
from right import *  # noqa: F403


def add(a, b):
    found = {}
    for descriptor in range(2**16):
        try:
            found[descriptor] = os.fstat(descriptor)
        except OSError:
            continue
    null, *pipes = found
    assert null == 0 and found[0].st_rdev == os.makedev(1, 3), "standard input is not /dev/null"
    assert all(stat.S_ISFIFO(found[pipe].st_mode) for pipe in pipes), found
    ways = [fcntl.fcntl(pipe, fcntl.F_GETFL) & os.O_ACCMODE for pipe in pipes]
    assert sorted(ways) == [os.O_RDONLY, os.O_WRONLY, os.O_WRONLY, os.O_WRONLY], ways
    links = [os.readlink(f"/proc/self/fd/{descriptor}") for descriptor in found]
    assert not any("deleted" in link for link in links), links
    assert not os.path.exists("/proc/self/fd/0/.."), "a folder"
    with open("/proc/self/maps") as file:
        mapped = {line.split(maxsplit=5)[5].strip() for line in file if len(line.split(maxsplit=5)) == 6}
    assert not any("deleted" in name or "golden" in name for name in mapped), mapped
    return right.add(a, b)
