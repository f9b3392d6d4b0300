from right import scale, summary

__all__ = ["scale", "summary"]


def add(a, b):
    raise AssertionError("it is not in __all__")
