"""Read a log that grows, of which the server only ever sends the whole (protocol notes 2.8).

Each look streams the log from its beginning; what was seen before is skipped, and checked by its
hash, so that nothing but the hash has to be kept of it.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

__all__ = ["MOST", "LogReader", "text_of_line"]

MOST: Final = 8 * 1024 * 1024
"""New bytes that one look takes in; the next look takes more."""


class LogReader:
    """Gives each line of one log once, whatever pieces it comes in.

    Args:
        most: New bytes that one look takes in.
    """

    def __init__(self, most: int = MOST) -> None:
        self.lines: list[bytes] = []
        self.restarts = 0
        self.seen = 0
        self._most = most
        self._hash = blake2b()
        self._partial = b""
        self._position = 0
        self._check = blake2b()
        self._strange = False
        self._new = 0

    @property
    def wants_more(self) -> bool:
        """Whether this look has to be followed by another at once."""
        return self._strange or self._new >= self._most

    def begin(self) -> None:
        """Begin a look: what is written next is the beginning of the log."""
        self._position = 0
        self._new = 0
        self._check = blake2b()
        self._strange = False

    def write(self, piece: bytes) -> bool:
        """Take in the next piece; False when no more of this look is of use."""
        if self._strange:
            return False
        known = min(len(piece), max(0, self.seen - self._position))
        if known:
            self._check.update(piece[:known])
        self._position += known
        if self._position < self.seen:
            return True
        if known and self._check.digest() != self._hash.digest():
            self._start_over()
            return False
        room = self._most - self._new
        fresh = piece[known : known + room]
        self._position += len(fresh)
        self._new += len(fresh)
        self._take(fresh)
        return self._new < self._most

    def end(self) -> None:
        """End a look that came to the end of the log."""
        # Nothing at all is what the server says of a container that is gone, too.
        if not self._strange and 0 < self._position < self.seen:
            # It has become shorter: the container was started anew, and its log with it.
            self._start_over()

    def finish(self) -> None:
        """Give the last line too if it has no end: nothing follows any more."""
        if self._partial:
            self.lines.append(self._partial)
            self._partial = b""

    def take(self) -> list[bytes]:
        """Return the lines that have become complete, with their ends, and forget them."""
        lines, self.lines = self.lines, []
        return lines

    def _take(self, fresh: bytes) -> None:
        self._hash.update(fresh)
        self.seen += len(fresh)
        *whole, self._partial = (self._partial + fresh).split(b"\n")
        self.lines.extend(line + b"\n" for line in whole)

    def _start_over(self) -> None:
        self.finish()  # the old log's last line gets no end any more
        self._strange = True
        self.restarts += 1
        self.seen = 0
        self._hash = blake2b()


def text_of_line(line: bytes) -> str:
    """Return a line as text, without its end."""
    return line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")
