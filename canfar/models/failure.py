"""Why a session failed, as far as anybody says."""

from __future__ import annotations

import re
from typing import Final

from attrs import frozen

from canfar.models.event import cells_of

__all__ = ["CAUSES", "Failure"]

CAUSES: Final = (
    "exit code",
    "out of memory",
    "deadline",
    "image pull",
    "not scheduled",
    "could not start",
    "evicted",
    "not started",
    "gone",
    "unknown",
)
"""The words for causes: "not scheduled" is no place or no quota for it, "could not start" a
container that could not be made or a command that is not there, "evicted" a place that was taken
away, "not started" a create that the server refused, "gone" a session that the server knows no
longer and never said how it ended, "unknown" one that nobody explains."""

COLOUR: Final = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
WIDEST: Final = 300


@frozen(kw_only=True)
class Failure:
    """Why a session failed: facts only, "unknown" where there are none.

    Attributes:
        cause: One of :data:`CAUSES`.
        text: The same as a sentence: the server's words where it was not started, elsewhere
            ours, with nothing in it that a session wrote or was given.
        exit_code: The exit code of its program, None where nobody says it. Skaha 1.4 does not
            (protocol notes 2.7 and 2.8), though its events may.
        evidence: The line of its events or of its log that says so, or what its record has;
            an empty string where nothing says anything.

    Example:
        >>> from canfar.models.failure import Failure
        >>> print(Failure(cause="exit code", text="its program ended with exit code 3"))
        its program ended with exit code 3
        >>> row = "Warning   Failed   Error: no such image   2026-01-02T03:04:05Z   <nil>"
        >>> print(Failure(cause="could not start", text="it could not be started", evidence=row))
        it could not be started: Error: no such image
    """

    cause: str
    text: str
    exit_code: int | None = None
    evidence: str = ""

    def __str__(self) -> str:
        # When a deadline was is another time for each replica, and says nothing more.
        said = "" if self.cause == "deadline" else _readable(self.evidence)
        return self.text if said in self.text else f"{self.text}: {said}"


def _readable(line: str) -> str:
    """Return what a terminal would show of a line, of a row of events only its message.

    The times in a row would make failures differ that are the same.
    """
    cells = cells_of(line)
    if cells is not None:
        line = cells[2]
    # Progress bars write over themselves.
    shown = " ".join(COLOUR.sub("", line.rsplit("\r", 1)[-1]).split())
    return shown if len(shown) <= WIDEST else shown[: WIDEST - 1] + "…"
