"""Times as the server writes them (section 2.2)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

__all__ = ["NEVER", "java_text", "with_seconds"]

NEVER: Final = datetime.max.replace(tzinfo=UTC)
"""When what is not due at all is due."""


def with_seconds(time: datetime) -> str:
    """A time with its seconds, always.

    Example:
        >>> from datetime import UTC, datetime
        >>> with_seconds(datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
        '2026-01-02T03:04:00Z'
    """
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def java_text(time: datetime) -> str:
    """A time as Java's text of it: seconds are left out when they are zero.

    Example:
        >>> from datetime import UTC, datetime
        >>> java_text(datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
        '2026-01-02T03:04Z'
    """
    return with_seconds(time) if time.second else f"{time.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
