"""What the platform did for a session, as rows instead of a printed table."""

from __future__ import annotations

import re
from typing import Final

from attrs import evolve, frozen

__all__ = ["SessionEvent", "read_events"]

COLUMNS: Final = 5
NOTHING: Final = frozenset({"", "<none>", "<nil>"})
KINDS: Final = frozenset({"Normal", "Warning"})
GAP: Final = re.compile(r"\s{3,}")
APART: Final = re.compile(r"\s{3,}|\t")
TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT")
HEADING: Final = re.compile(r"\S+")


@frozen(kw_only=True)
class SessionEvent:
    """One thing that happened to a session.

    Attributes:
        type: "Normal" or "Warning".
        reason: Kubernetes' word for it.
        message: What it says about it.
        first_time: When it happened first, in the server's words; None where it does not say.
        last_time: When it happened last.

    Example:
        >>> from canfar.models.event import read_events
        >>> from canfar.sessions import Session
        >>> session = Session()
        >>> ids = session.create("one", "skaha/astroml", kind="notebook")
        >>> [told] = session.events(ids)
        >>> read_events(told[ids[0]])[0].type
        'Normal'
    """

    type: str
    reason: str
    message: str
    first_time: str | None
    last_time: str | None


def read_events(text: str) -> list[SessionEvent]:
    r"""Return the rows of the table that ``events`` has for a session.

    Where columns begin is what the headings say, so that messages may hold any spaces. Below a
    message of several lines nothing stands under its heading any more: there, columns are three
    or more spaces apart, and a line without columns goes on with the message before (protocol
    notes 2.7, a fact of Skaha 1.4).

    Args:
        text: The table.

    Returns:
        One event per row, in the server's order; none where the server has none to show.

    Example:
        >>> from canfar.models.event import read_events
        >>> [event] = read_events(
        ...     "TYPE     REASON   MESSAGE         FIRST-TIME   LAST-TIME\n"
        ...     "Normal   Pulled   It  was there   <nil>        2026-01-02T03:04:05Z\n"
        ... )
        >>> event.reason, event.message, event.first_time
        ('Pulled', 'It  was there', None)
    """
    heading, *lines = text.rstrip().split("\n")
    starts = [match.start() for match in HEADING.finditer(heading)]
    if len(starts) != COLUMNS:
        return []
    events: list[SessionEvent] = []
    for line in filter(str.strip, lines):
        cells = _cells(line, starts)
        if cells is not None:
            kind, reason, message, first, last = cells
            events.append(
                SessionEvent(
                    type=kind,
                    reason=reason,
                    message=message,
                    first_time=None if first in NOTHING else first,
                    last_time=None if last in NOTHING else last,
                )
            )
        elif events:
            message = f"{events[-1].message}\n{line.rstrip()}"
            events[-1] = evolve(events[-1], message=message)
    return events


def cells_of(row: str) -> list[str] | None:
    """Return the cells of a row as its gaps part them, the message in one or more.

    For a row without its headings. None is what is no row, such as a message's second line.
    """
    cells = APART.split(row)
    # Type, reason and message; behind it first and last time (protocol notes 2.7, of Skaha 1.4).
    return cells if len(cells) > 2 and cells[0] in KINDS else None  # noqa: PLR2004 - see above


def _cells(line: str, starts: list[int]) -> list[str] | None:
    if _is_aligned(line, starts):
        ends = [*starts[1:], None]
        return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    kind, reason, message = [*GAP.split(line.rstrip(), maxsplit=2), "", ""][:3]
    if not message or kind not in KINDS:
        return None
    parts = GAP.split(message)
    times = parts[-2:] if len(parts) > 2 and all(map(_is_time, parts[-2:])) else []  # noqa: PLR2004
    return [kind, reason, "   ".join(parts[:-2]) if times else message, *(times or ["", ""])]


def _is_aligned(line: str, starts: list[int]) -> bool:
    return len(line) > starts[-1] and all(
        line[start - 1 : start].isspace() and not line[start].isspace() for start in starts[1:]
    )


def _is_time(text: str) -> bool:
    return text in NOTHING or TIME.match(text) is not None
