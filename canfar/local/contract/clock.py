"""What time it is, asked of somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime, timedelta

__all__ = ["Clock", "ManualClock"]


class Clock(Protocol):
    """Anything that knows the time."""

    def now(self) -> datetime:
        """The time, with its zone."""
        ...


class ManualClock:
    """A clock that stands still until it is moved.

    Args:
        start: The time that it shows, with its zone.

    Example:
        >>> from datetime import UTC, datetime, timedelta
        >>> clock = ManualClock(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
        >>> clock.advance(timedelta(hours=2))
        >>> clock.now().hour
        5
    """

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The time that it was moved to last.

        Returns:
            The time, with its zone.

        Example:
            >>> from datetime import UTC, datetime
            >>> ManualClock(datetime(2026, 1, 2, tzinfo=UTC)).now().isoformat()
            '2026-01-02T00:00:00+00:00'
        """
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move it forward.

        Args:
            by: By how much.

        Example:
            >>> from datetime import UTC, datetime, timedelta
            >>> clock = ManualClock(datetime(2026, 1, 2, tzinfo=UTC))
            >>> clock.advance(timedelta(days=1))
            >>> clock.now().day
            3
        """
        self._now += by
