"""Right in every part."""

from right import *  # noqa: F403
