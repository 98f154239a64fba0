"""Moments, as people read them on a terminal."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Final

__all__ = ["moment", "moment_of"]

STEPS: Final = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def moment(when: datetime | None) -> str:
    """Return a moment: how long ago or ahead on a terminal, else in ISO 8601.

    Args:
        when: The moment, None for an empty text.
    """
    if when is None:
        return ""
    if not sys.stdout.isatty():
        return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    seconds = (datetime.now(UTC) - when).total_seconds()
    size = abs(seconds)
    step, unit = next(((s, u) for s, u in STEPS if size >= s), (1, "s"))
    text = f"{size // step:.0f} {unit}"
    return f"{text} ago" if seconds >= 0 else f"in {text}"


def moment_of(text: str | None) -> str:
    """Return a moment that the server wrote as :func:`moment` does, or the server's own words."""
    if not text:
        return ""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment(when if when.tzinfo else when.replace(tzinfo=UTC))
