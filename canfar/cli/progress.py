"""How far long work is, on standard error: one line on a terminal, else one line a minute."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

from canfar.cli.state import state

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Progress"]

BAR: Final = 24
MINUTE: Final = 60.0
CLEAR: Final = "\r\x1b[2K"


class Progress:
    """Counts what is done of many.

    Args:
        verb: What is done, "created" for instance.
        total: How many there are.
    """

    def __init__(self, verb: str, total: int) -> None:
        self._verb = verb
        self._total = total
        self._done = 0
        self._failed = 0
        self._began = self._told = monotonic()
        self._wanted = total > 1 and not state().quiet
        self._terminal = sys.stderr.isatty()

    def step(self, *, ok: bool = True) -> None:
        """One more is done, or has failed."""
        self._done += ok
        self._failed += not ok
        now = monotonic()
        if not self._wanted:
            return
        if self._terminal:
            sys.stderr.write(f"{CLEAR}{self._line(now)}")
        elif now - self._told >= MINUTE:
            self._told = now
            sys.stderr.write(f"{self._line(now)}\n")
        sys.stderr.flush()

    def clear(self) -> None:
        """Leave the line to something else."""
        if self._wanted and self._terminal:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()

    def _line(self, now: float) -> str:
        from canfar.pictures.durations import duration  # noqa: PLC0415 - only what takes long

        full = BAR * (self._done + self._failed) // self._total
        failed = f", {self._failed} failed" if self._failed else ""
        return (
            f"[{'#' * full}{'.' * (BAR - full)}] {self._verb} {self._done} of {self._total}"
            f"{failed}, {duration(now - self._began)}"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()
