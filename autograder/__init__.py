"""Grade deep-learning exercises: hidden pytest suites, hostile submissions, explained tensors."""

__version__ = "0.1.0"
