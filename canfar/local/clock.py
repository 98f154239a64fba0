"""The platform's clock: the time on the wall, and as far ahead of it as a test wants."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["WallClock"]


class WallClock:
    """The time, plus what it was moved by.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> clock = WallClock()
        >>> clock.advance(timedelta(days=4))
        >>> (clock.now() - datetime.now(UTC)).days
        3
    """

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """The time, with its zone."""
        return datetime.now(UTC) + self._ahead

    def advance(self, by: timedelta) -> None:
        """Move it forward."""
        self._ahead += by
