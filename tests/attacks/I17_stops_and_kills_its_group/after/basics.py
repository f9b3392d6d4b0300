"""The next worker in the slot, which is there while the one before sends signals."""

from right import *  # noqa: F403
