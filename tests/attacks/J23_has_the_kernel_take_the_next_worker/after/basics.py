"""The next worker in the slot, which waited while the one before used up all memory."""

from right import *  # noqa: F403
