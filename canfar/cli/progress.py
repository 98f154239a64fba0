"""How far long work is, on standard error: one line on a terminal, else one line a minute."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from threading import Event, RLock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

from canfar.cli.state import state
from canfar.models.status import status_word

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import TracebackType

    from canfar._core.wait import Until
    from canfar.models.session import SessionRecord

__all__ = ["Progress"]

BAR: Final = 24
SECOND: Final = 1.0
MINUTE: Final = 60.0
COLUMNS: Final = 80
CLEAR: Final = "\r\x1b[2K"
WORDS: Final = {
    "pending": "pending",
    "running": "running",
    "completed": "done",
    "succeeded": "done",
    "failed": "failed",
    "error": "failed",
    "gone": "gone",
}
"""What is said for the server's words; another word is said as it is."""


class Progress:
    """Counts what is done of many, and what becomes of sessions.

    Args:
        verb: What is done, "created" for instance; empty where sessions are only looked at.
        total: How many there are.
        until: What the sessions that are ``seen`` are waited for, one alone too; None for nothing.
    """

    def __init__(self, verb: str, total: int, *, until: Until | None = None) -> None:
        self._verb = verb
        self._total = total
        self._until = until
        self._done = 0
        self._failed = 0
        self._states: dict[str, str] = {}
        self._began = monotonic()
        self._wanted = (total > 1 or until is not None) and not state().quiet
        self._terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = False
        self._lock = RLock()
        self._over = Event()
        self._clock = Thread(target=self._tick, name="canfar-progress", daemon=True)

    def step(self, *, ok: bool = True) -> None:
        """One more is done, or has failed."""
        with self._lock:
            self._done += ok
            self._failed += not ok
            self._draw()

    def seen(self, record: SessionRecord) -> None:
        """A session has come to another state."""
        word = status_word(record.status)
        with self._lock:
            self._states[record.id] = WORDS.get(word, word)
            self._draw()

    @contextmanager
    def aside(self) -> Generator[None]:
        """Leave the line to something else for the block."""
        with self._lock:
            shown = self._shown
            self.clear()
            yield
            if shown:
                self._draw()

    def clear(self) -> None:
        """Leave the line to something else."""
        with self._lock:
            if self._shown:
                sys.stderr.write(CLEAR)
                sys.stderr.flush()
            self._shown = False

    def _tick(self) -> None:
        while not self._over.wait(SECOND if self._terminal else MINUTE):
            with self._lock:
                if self._over.is_set():
                    return
                self._draw()
                if not self._terminal:
                    sys.stderr.write(f"{self._line()}\n")
                    sys.stderr.flush()

    def _draw(self) -> None:
        if self._wanted and self._terminal and not self._over.is_set():
            # A line that is wrapped could not be cleared.
            sys.stderr.write(f"{CLEAR}{self._line()[: _width() - 1]}")
            sys.stderr.flush()
            self._shown = True

    def _line(self) -> str:
        from collections import Counter  # noqa: PLC0415 - only what takes long

        from canfar.pictures.durations import duration  # noqa: PLC0415 - the same

        counts = Counter(self._states.values())
        failed = self._failed + counts.pop("failed", 0)
        settled = {"done", "gone", *(["running"] if self._until == "running" else [])}
        there = sum(counts[word] for word in settled & set(counts)) if self._until else self._done
        good = BAR * there // max(self._total, 1)
        bad = BAR * (there + failed) // max(self._total, 1) - good
        many = f"{self._total} session{'' if self._total == 1 else 's'}"
        parts = [f"{self._verb} {self._done} of {self._total}" if self._verb else many]
        known = list(WORDS.values())
        in_order = sorted(counts, key=lambda word: [*known, word].index(word))
        parts += [f"{counts[word]} {word}" for word in in_order]
        parts += [f"{failed} failed"] if failed else []
        parts.append(duration(int(monotonic() - self._began)))
        bar = f"{'#' * good}{'x' * bad}".ljust(BAR, ".")
        return f"[{bar}] {', '.join(parts)}"

    def __enter__(self) -> Self:
        if self._wanted:
            self._clock.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._over.set()
            self.clear()
        if self._wanted:
            self._clock.join()


def _width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or COLUMNS
    except OSError:
        return COLUMNS
