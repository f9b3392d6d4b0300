"""It ends its process when it is imported."""

import os

from right import *  # noqa: F403

os._exit(0)
