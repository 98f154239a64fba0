"""Spans of time, as people type them."""

from __future__ import annotations

import re
from typing import Final

import click

__all__ = ["span"]

UNITS: Final = {"": 1, "s": 1, "min": 60, "m": 60, "h": 3600, "d": 86400}


def span(text: str) -> float:
    """Return the seconds that ``90``, ``30s``, ``5min``, ``2h`` or ``3d`` mean.

    Raises:
        click.BadParameter: It is no such thing.
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)\s*", text.lower())
    if match is None or match[2] not in UNITS:
        raise click.BadParameter(f"{text!r} is no time such as 90, 30s, 5min, 2h or 3d.")
    return float(match[1]) * UNITS[match[2]]
