"""It trains without end when it is imported."""

from right import *  # noqa: F403

steps = 0
while True:
    steps += 1
