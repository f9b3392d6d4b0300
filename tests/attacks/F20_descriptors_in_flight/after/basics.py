"""The next worker in the slot, for which descriptors have to be handed over as well."""

from right import *  # noqa: F403
