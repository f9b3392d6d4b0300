"""Names in the module that are near to the one that is missing, and hostile."""

from right import Line, add, fit, mean, scale, square_sum, summary  # noqa: F401

globals().update({"shift\x1b[J": 0, "sh\nift": 0, "<b>shift": 0, "\u202eshift": 0, "shift'\n": 0, "\ud800shift": 0})
globals().update({f"shift{number}": "a" for number in range(1000)})
globals().update({"shift" * 10_000: 0, 0: 0, ("shift",): 0})
