"""Tell a server that is away for a while from one that says no, and bear with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from canfar.errors import CanfarError, ConnectionLost, ServerError, TimedOut, Unreachable

if TYPE_CHECKING:
    from canfar._core.steps import Clock

__all__ = ["PATIENCE", "Absence", "is_away"]

PATIENCE: Final = 600.0
"""Seconds for which a server that has answered before may be away."""

AWAY: Final = (Unreachable, TimedOut, ConnectionLost)
FIRST_FAULT: Final = 500
BUSY: Final = 429


def is_away(error: CanfarError) -> bool:
    """Whether a failure says that the server cannot answer now and may later."""
    if isinstance(error, AWAY):
        return True
    status = error.status_code or 0
    return isinstance(error, ServerError) and (status >= FIRST_FAULT or status == BUSY)


class Absence:
    """How long a server is away that is asked again and again.

    Args:
        clock: The clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answered = False
        self._since: float | None = None

    @property
    def lasts(self) -> bool:
        """Whether it did not answer when it was asked last."""
        return self._since is not None

    def over(self) -> None:
        """Note that it answered."""
        self._answered, self._since = True, None

    def bear(self, error: CanfarError) -> None:
        """Note that it failed.

        Raises:
            CanfarError: The failure, of a server that never answered, says no, or is away too long.
        """
        now = self._clock()
        if self._since is None:
            self._since = now
        if not self._answered or not is_away(error) or now - self._since >= PATIENCE:
            raise error
