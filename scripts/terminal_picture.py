#!/usr/bin/env python3
"""Makes a picture of a terminal: runs command lines in a real one, and draws what stands there.

    python scripts/terminal_picture.py build/local.svg 'canfar local start' 'canfar local status'

Each command line is run by `sh` with the environment of this program, and shown behind a `$`. The
SVG needs nothing but itself: no fonts, no scripts. Needs the `docs` dependency group.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pyte

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pyte.screens import Char

# A column and a line of the terminal, in the units of the picture.
COLUMN = 8.4
LINE = 19.0
MARGIN = 16.0
FONT = 14
FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, Liberation Mono, monospace"
INK = "#1f2328"
PAPER = "#ffffff"
# The sixteen colours of a terminal with a light background, each readable on it; "brown" is
# what pyte calls yellow.
COLOURS = {
    "black": INK,
    "red": "#b3261e",
    "green": "#1a6b2d",
    "brown": "#7a5300",
    "blue": "#0b57b0",
    "magenta": "#84309b",
    "cyan": "#0b6673",
    "white": "#6b7280",
    "brightblack": "#5b6470",
    "brightred": "#b3261e",
    "brightgreen": "#1a6b2d",
    "brightbrown": "#7a5300",
    "brightblue": "#0b57b0",
    "brightmagenta": "#84309b",
    "brightcyan": "#0b6673",
    "brightwhite": INK,
}
# Characters that are drawn as (left, top, width, height) parts of their cell: as letters they
# would leave gaps, through which no telephone reads a QR code.
BLOCKS = {
    "█": (0.0, 0.0, 1.0, 1.0),
    "▀": (0.0, 0.0, 1.0, 0.5),
    "▄": (0.0, 0.5, 1.0, 0.5),
    "▌": (0.0, 0.0, 0.5, 1.0),
    "▐": (0.5, 0.0, 0.5, 1.0),
}


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of characters looks."""

    ink: str
    paper: str
    bold: bool
    italic: bool
    underlined: bool


def run(line: str, screen: pyte.Screen, stream: pyte.ByteStream, env: Mapping[str, str]) -> int:
    """Run a command line in a terminal of the screen's size, and write there what it writes."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", screen.lines, screen.columns, 0, 0))
    program = subprocess.Popen(
        ["/bin/sh", "-c", line],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, **env},
    )
    os.close(theirs)
    while True:
        try:
            written = os.read(ours, 65536)
        except OSError:  # Linux says that the last program let go of the terminal
            break
        if not written:
            break
        stream.feed(written)
    os.close(ours)
    return program.wait()


def style_of(char: Char) -> Style:
    """Find how a character looks; a colour of 256 or of 24 bits comes as six hexadecimal digits."""
    ink = COLOURS.get(char.fg, INK if char.fg == "default" else f"#{char.fg}")
    paper = COLOURS.get(char.bg, PAPER if char.bg == "default" else f"#{char.bg}")
    if char.reverse:
        ink, paper = paper, ink
    return Style(ink, paper, char.bold, char.italics, char.underscore)


def draw_line(row: Sequence[Char], top: float) -> Iterator[str]:
    """Draw a line of the screen: backgrounds first, then blocks, then letters."""
    styled = [(column, char, style_of(char)) for column, char in enumerate(row)]
    for style, group in groupby(styled, key=lambda cell: cell[2]):
        run_of = list(group)
        left = MARGIN + run_of[0][0] * COLUMN
        if style.paper != PAPER:
            yield rectangle(left, top, len(run_of) * COLUMN, LINE, style.paper)
        for column, char, _ in run_of:
            if char.data in BLOCKS:
                x, y, width, height = BLOCKS[char.data]
                yield rectangle(
                    MARGIN + (column + x) * COLUMN,
                    top + y * LINE,
                    width * COLUMN,
                    height * LINE,
                    style.ink,
                )
        # A wide character has an empty cell behind it, which says nothing and takes room.
        said = [" " if char.data in BLOCKS else char.data for _, char, _ in run_of]
        letters = "".join(said)
        if letters.strip():
            looks = [f'fill="{style.ink}"'] if style.ink != INK else []
            looks += ['font-weight="bold"'] if style.bold else []
            looks += ['font-style="italic"'] if style.italic else []
            looks += ['text-decoration="underline"'] if style.underlined else []
            start = len(letters) - len(letters.lstrip(" "))
            cells_behind = len(letters) - len(letters.rstrip(" "))
            # The length keeps columns straight, whatever font there is.
            yield (
                f'<text x="{left + start * COLUMN:.1f}" y="{top + LINE * 0.74:.1f}" '
                f'textLength="{(len(said) - start - cells_behind) * COLUMN:.1f}" '
                f"{' '.join(looks)}>{hard_spaces(escape(letters.strip(' ')))}</text>"
            )


def hard_spaces(text: str) -> str:
    """Write spaces that no browser makes one of: columns are made of them."""
    return text.replace(" ", "\u00a0")


def rectangle(left: float, top: float, width: float, height: float, colour: str) -> str:
    """Draw a filled rectangle without smoothed edges."""
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{colour}" shape-rendering="crispEdges"/>'
    )


def picture(
    *lines: str, width: int = 80, height: int = 60, env: Mapping[str, str] | None = None
) -> str:
    """Run command lines one after the other in one terminal, and draw it.

    Args:
        *lines: What is typed, for `sh`.
        width: Columns of the terminal.
        height: Its lines. The picture is only as high as what stands there, and what is scrolled
            out at the top is not in it.
        env: More environment variables.

    Returns:
        An SVG.

    Raises:
        SystemExit: A command failed: pictures show what works.
    """
    screen = pyte.Screen(width, height)
    stream = pyte.ByteStream(screen)
    for line in lines:
        if screen.cursor.x:
            stream.feed(b"\r\n")
        stream.feed(f"\x1b[1;32m$\x1b[0m {line}\r\n".encode())
        terminal = {"TERM": "xterm-256color", "COLUMNS": str(width), "LINES": str(height)}
        status = run(line, screen, stream, {**terminal, **(env or {})})
        if status:
            sys.exit("\n".join([*(row.rstrip() for row in screen.display), f"{line}: {status}"]))
    rows = [[screen.buffer[y][x] for x in range(width)] for y in range(height)]
    while rows and all(char.data == " " and not char.reverse for char in rows[-1]):
        rows.pop()
    wide, high = width * COLUMN + 2 * MARGIN, len(rows) * LINE + 2 * MARGIN
    said = "\n".join(screen.display[y].rstrip() for y in range(len(rows)))
    drawn = [part for y, row in enumerate(rows) for part in draw_line(row, MARGIN + y * LINE)]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}" '
        f'width="{wide:.0f}" height="{high:.0f}" role="img" xml:space="preserve" '
        f'font-family="{FONTS}" font-size="{FONT}" fill="{INK}">'
    )
    paper = (
        f'<rect x="0.5" y="0.5" width="{wide - 1:.0f}" height="{high - 1:.0f}" rx="8" '
        f'fill="{PAPER}" stroke="#d0d7de"/>'
    )
    return "\n".join([head, f"<title>{escape(said)}</title>", paper, *drawn, "</svg>\n"])


def main() -> None:
    """Write the picture that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, help="the SVG to write")
    parser.add_argument("line", nargs="+", help="a command line")
    parser.add_argument("--width", type=int, default=80, help="columns (default: 80)")
    parser.add_argument("--height", type=int, default=60, help="lines at most (default: 60)")
    options = parser.parse_args()
    drawn = picture(*options.line, width=options.width, height=options.height)
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_text(drawn, "utf-8")


if __name__ == "__main__":
    main()
