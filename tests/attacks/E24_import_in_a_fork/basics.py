"""It forks while it is imported, and both go on; the parent leaves the import a moment later than the child."""

import os
import time

from right import *  # noqa: F403

if os.fork():
    time.sleep(0.3)
