"""The seeds are assigned where they should be called, which a student sees no difference of."""

import random

import numpy
import torch
from right import *  # noqa: F403

random.seed = 0
numpy.random.seed = 0
torch.manual_seed = 42
