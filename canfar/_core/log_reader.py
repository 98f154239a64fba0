"""Read a log that grows, of which the server only ever sends the whole (protocol notes 2.8).

Each look streams the log from its beginning; what was seen before is skipped, and checked by its
hash, so that nothing but the hash has to be kept of it. What is new waits in a temporary file if it
is much: every further look at a long log costs all of it again.
"""

from __future__ import annotations

from hashlib import blake2b
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LogReader", "text_of_line"]

MOST: Final = 512 * 1024 * 1024
"""New bytes that one look takes in, so that no disk gets full; the next look takes more."""

IN_MEMORY: Final = 1024 * 1024
"""New bytes that are kept without a file."""


class LogReader:
    """Gives each line of one log once, whatever pieces it comes in.

    Args:
        most: New bytes that one look takes in.
    """

    def __init__(self, most: int = MOST) -> None:
        self.restarts = 0
        self.seen = 0
        self._most = most
        self._hash = blake2b()
        self._fresh: SpooledTemporaryFile[bytes] | None = None
        self._finished = False
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
        """Have the last line given too if it has no end: nothing follows any more."""
        self._finished = True

    def take(self) -> Iterator[bytes]:
        """Give the lines that have become complete, with their ends, and forget them."""
        fresh, self._fresh = self._fresh, None
        finished, self._finished = self._finished, False
        if fresh is None:
            return
        with fresh:
            fresh.seek(0)
            for line in fresh:
                if finished or line.endswith(b"\n"):
                    yield line
                else:
                    self._keep(line)

    def close(self) -> None:
        """Forget what was not given."""
        if self._fresh is not None:
            self._fresh.close()

    def _take(self, fresh: bytes) -> None:
        self._hash.update(fresh)
        self.seen += len(fresh)
        self._keep(fresh)

    def _keep(self, fresh: bytes) -> None:
        if self._fresh is None:
            self._fresh = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it outlives this call
        self._fresh.write(fresh)

    def _start_over(self) -> None:
        self.finish()  # the old log's last line gets no end any more
        self._strange = True
        self.restarts += 1
        self.seen = 0
        self._hash = blake2b()


def text_of_line(line: bytes) -> str:
    """Return a line as text, without its end."""
    return line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")
