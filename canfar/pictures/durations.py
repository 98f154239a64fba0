"""Spans of time, in few words."""

from __future__ import annotations

from typing import Final

__all__ = ["DAY", "duration"]

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86400


def duration(seconds: float) -> str:
    """Return a span of time as people say it, in two units at most.

    Args:
        seconds: Its length.

    Example:
        >>> [duration(s) for s in (0, 0.4, 12.3, 75, 3600, 5400, 90000)]
        ['0 s', '0.4 s', '12 s', '1 min 15 s', '1 h', '1 h 30 min', '1 d 1 h']
    """
    if 0 < seconds < 1:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for unit, name, below, smaller in (
        (DAY, "d", HOUR, "h"),
        (HOUR, "h", MINUTE, "min"),
        (MINUTE, "min", 1, "s"),
    ):
        if whole >= unit:
            rest = whole % unit // below
            return f"{whole // unit} {name}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole} s"
