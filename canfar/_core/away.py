"""Tell a server that is away for a while from one that says no."""

from __future__ import annotations

from typing import Final

from canfar.errors import CanfarError, ConnectionLost, ServerError, TimedOut, Unreachable

__all__ = ["PATIENCE", "is_away"]

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
