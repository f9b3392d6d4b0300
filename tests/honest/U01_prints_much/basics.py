"""200 000 lines while it is imported, and as many from `add`."""

import right
from right import *  # noqa: F403

for _number in range(200_000):
    print("importing", _number)


def add(a, b):
    for number in range(200_000):
        print("adding", number)
    return right.add(a, b)
