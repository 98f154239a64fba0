"""Lines of logs on their way to standard output, as the bytes they are."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from canfar.cli.colour import coloured
from canfar.cli.state import state

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from canfar.models.session import SessionRecords

__all__ = ["Lines", "copy", "count_lines", "text_of"]

COLOURS: Final = ("cyan", "yellow", "green", "magenta", "blue", "bright_red")
BLOCK: Final = 64 * 1024


class Lines:
    """Shows lines of one session as they are, and those of several with their names before them.

    Args:
        records: The sessions.
        timestamps: Whether each line is shown with the time at which it came.
    """

    def __init__(self, records: SessionRecords, *, timestamps: bool = False) -> None:
        self._timestamps = timestamps
        self._names = {record.id: record.name for record in records}
        self._out = sys.stdout.buffer
        self._prefixes = _prefixes(records) if len(records) > 1 else {}

    @property
    def plain(self) -> bool:
        """Whether a log passes through as it is."""
        return not self._prefixes and not self._timestamps

    def show(self, session_id: str, line: bytes) -> None:
        """Show a line, with its end if it has one."""
        if state().output == "jsonl":
            line = self._as_json(session_id, line)
        elif not self.plain:
            came = f"{_now()} ".encode() if self._timestamps else b""
            # A line without an end is its log's last; what comes next is another session's.
            line = self._prefixes.get(session_id, b"") + came + line.removesuffix(b"\n") + b"\n"
        self._out.write(line)
        self._out.flush()

    def _as_json(self, session_id: str, line: bytes) -> bytes:
        text = line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")
        fields = {"id": session_id, "name": self._names[session_id], "line": text}
        if self._timestamps:
            fields["came"] = _now()
        return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def copy(path: Path, lines: Lines, session_id: str, tail: int | None) -> None:
    """Show a log that was written to a file, or its last lines."""
    with path.open("rb") as file:
        _go_to_tail(file, tail)
        if lines.plain:
            shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            for line in file:
                lines.show(session_id, line)


def text_of(path: Path, tail: int | None) -> str:
    """Return a log that was written to a file, or its last lines, as text."""
    with path.open("rb") as file:
        _go_to_tail(file, tail)
        return file.read().decode("utf-8", "replace")


def count_lines(path: Path) -> int:
    """Count the lines of a file; one without an end is a line too."""
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _go_to_tail(file: BinaryIO, tail: int | None) -> None:
    if tail is None:
        return
    position = end = file.seek(0, os.SEEK_END)
    left = tail
    while position and left:
        start = max(0, position - BLOCK)
        file.seek(start)
        block = file.read(position - start)
        # The end of the last line begins no line.
        at = len(block) - (position == end)
        while left and (at := block.rfind(b"\n", 0, max(0, at))) >= 0:
            left -= 1
            if not left:
                start += at + 1
        position = start
    file.seek(position)


def _prefixes(records: SessionRecords) -> dict[str, bytes]:
    """Return what stands before the lines of each: its name, or its id where names are alike."""
    counts = Counter(record.name for record in records)
    shown = {r.id: r.name if counts[r.name] == 1 else r.id for r in records}
    if not sys.stdout.isatty():
        return {each: f"{name}\t".encode() for each, name in shown.items()}
    width = max(map(len, shown.values()))
    prefixes = {each: f"{name:{width}} |" for each, name in shown.items()}
    if coloured():
        prefixes = {
            each: click.style(text, fg=COLOURS[index % len(COLOURS)])
            for index, (each, text) in enumerate(prefixes.items())
        }
    return {each: f"{text} ".encode() for each, text in prefixes.items()}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
