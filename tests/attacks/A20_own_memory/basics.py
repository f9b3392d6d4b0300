"""`add` searches all of its own memory, which it has from the process it was forked from, for what was planted."""

import re

import right
from right import *  # noqa: F403

# The brackets keep these patterns, which are in memory too, from being found.
WANTED = [rb"canary of the gol[d]en", rb"def test_scal[e]_leaves", rb"golden/cours[e]", rb"secret of the corpu[s]"]
CHUNK = 2**20
OWN = "-".join(["found", "in", "memory"]).encode()  # shows that the search finds


def ranges():
    with open("/proc/self/maps") as file:
        for line in file:
            fields = line.split()
            if fields[1].startswith("rw") and (len(fields) == 5 or fields[5] in ("[heap]", "[stack]")):
                yield tuple(int(end, 16) for end in fields[0].split("-"))


def occurrences(buffer, length):
    for pattern in [*WANTED, rb"found-in-memor[y]"]:
        beginning, position = pattern.partition(b"[")[0], -1
        while (position := buffer.find(beginning, position + 1, length)) >= 0:
            if match := re.compile(pattern).match(buffer, position, length):
                yield match.group()


def add(a, b):
    found, searched = [], 0
    buffer = bytearray(CHUNK)
    with open("/proc/self/mem", "rb", buffering=0) as memory:
        for start, end in ranges():
            for position in range(start, end, CHUNK - 100):
                memory.seek(position)
                try:
                    length = memory.readinto(memoryview(buffer)[: min(CHUNK, end - position)])
                except OSError:
                    break
                searched += length
                found += occurrences(buffer, length)
    assert searched > 2**24, "it has more memory than this"
    assert OWN in found
    assert set(found) == {OWN}, found
    return right.add(a, b)
