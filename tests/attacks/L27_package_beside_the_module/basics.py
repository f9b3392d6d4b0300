"""The module that a person reads; beside it stands a package of the same name, which Python imports."""

from right import *  # noqa: F403
