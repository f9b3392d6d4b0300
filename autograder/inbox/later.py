"""What failed for a reason that may pass, and when it is tried again."""

import time

__all__ = ["Later"]

_FIRST_SECONDS, _MOST_SECONDS = 30.0, 600.0


class Later:
    """Names that are put off: for half a minute, then for twice as long each time, up to ten minutes."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[float, float]] = {}

    def put_off(self, name: str) -> None:
        """Put something off, for longer than the last time."""
        now = time.monotonic()
        _, seconds = self._until.get(name, (0.0, _FIRST_SECONDS / 2))
        seconds = min(2 * seconds, _MOST_SECONDS)
        self._until[name] = (now + seconds, seconds)

    def tidy(self) -> None:
        """Forget what was not put off again for so long that it must be well, or gone."""
        now = time.monotonic()
        self._until = {name: known for name, known in self._until.items() if known[0] + _MOST_SECONDS > now}

    def __contains__(self, name: str) -> bool:
        """Is it put off still?"""
        until, _ = self._until.get(name, (0.0, 0.0))
        return time.monotonic() < until
