"""The end of a log, in little memory however long the log is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LINES", "Tail", "last_lines"]

LINES: Final = 20
KEPT: Final = 64 * 1024
"""Bytes of the end that are looked at for lines."""


class Tail:
    """Takes in a log and keeps its end."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def begin(self) -> None:
        """Begin anew."""
        self._kept.clear()

    def write(self, piece: bytes) -> bool:
        """Take in the next piece."""
        self._kept += piece
        if len(self._kept) > 2 * KEPT:
            del self._kept[:-KEPT]
        return True

    def end(self) -> None:
        """Nothing has to be done at the end."""

    @property
    def text(self) -> str:
        """The last lines."""
        return _lines(bytes(self._kept[-KEPT:]))


def last_lines(path: Path) -> str:
    """Return the last lines of a log that was written to a file."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - KEPT))
        return _lines(file.read())


def _lines(end: bytes) -> str:
    return "\n".join(end.decode("utf-8", "replace").rstrip("\n").split("\n")[-LINES:])
