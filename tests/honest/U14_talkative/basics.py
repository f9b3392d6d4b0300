"""Progress bars with carriage returns, logs, warnings and colours, when it is imported and in every call."""

import logging
import sys
import warnings

import right
import torch
from right import *  # noqa: F403

logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(name)s %(levelname)s %(message)s")
logging.captureWarnings(True)
log = logging.getLogger(__name__)
log.info("using torch %s", torch.__version__)
warnings.simplefilter("always")
warnings.warn("this is only a warning", DeprecationWarning, stacklevel=1)


def progress(steps):
    for step in range(steps):
        yield step
        done = 20 * (step + 1) // steps
        sys.stderr.write(
            f"\r\x1b[32m{100 * (step + 1) // steps:3d}%|{'█' * done}{' ' * (20 - done)}| {step + 1}\x1b[0m"
        )
        sys.stderr.flush()
    sys.stderr.write("\n")


def add(a, b):
    for _ in progress(300):
        log.debug("adding %s and %s", a, b)
    return right.add(a, b)


def mean(x):
    warnings.warn("the mean of nothing is not a number", RuntimeWarning, stacklevel=2)
    print("mean:", x.mean(), end="\r", flush=True)
    return right.mean(x)


def fit(x, y, steps):
    logging.error("not an error, but it looks like one")
    return right.fit(x, y, len(list(progress(steps))))
