"""Text that others wrote, made fit to stand in a picture."""

from __future__ import annotations

import re
from html import escape
from typing import Final

__all__ = ["clean", "escaped"]

SEQUENCE: Final = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|.)?")
CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def clean(text: str) -> str:
    r"""Return text without a terminal's control sequences, on one line.

    Args:
        text: What a program or a server wrote.

    Example:
        >>> clean("\x1b[31mno\x1b[0m\tsource")
        'no source'
    """
    return CONTROL.sub(" ", SEQUENCE.sub("", text))


def escaped(text: str) -> str:
    """Return the same for HTML and SVG, where neither allows control characters.

    Args:
        text: What a program or a server wrote.

    Example:
        >>> escaped("a < b")
        'a &lt; b'
    """
    return escape(clean(text))
