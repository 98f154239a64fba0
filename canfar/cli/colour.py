"""Colours, where somebody sees them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

import click

from canfar.cli.state import state
from canfar.models.status import status_word

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["coloured", "painted", "painted_status"]

STATUSES: Final = {
    "running": "green",
    "completed": "blue",
    "succeeded": "blue",
    "pending": "yellow",
    "failed": "red",
    "error": "red",
    "gone": "magenta",
}


def coloured(stream: TextIO | None = None) -> bool:
    """Whether colours are shown: on terminals, unless NO_COLOR or --no-color says otherwise.

    Args:
        stream: Where to; standard output by default.
    """
    if state().colour is False or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"


def painted(text: str, colour: str) -> str:
    """Return text in a colour, where colours are shown."""
    return click.style(text, fg=colour) if coloured() else text


def painted_status(text: str) -> str:
    """Return a status in its colour; what surrounds it stays."""
    colour = STATUSES.get(status_word(text))
    return painted(text, colour) if colour else text
