"""The events of a session, and the table that shows them (section 2.7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from canfar.local.contract.session import Event
from canfar.local.contract.times import with_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from canfar.local.contract.session import Session

__all__ = [
    "events_table",
    "interrupted_event",
    "killing_event",
    "out_of_memory_event",
    "scheduled_events",
    "started_event",
    "unstartable_event",
]

_HEADER: Final = ("TYPE", "REASON", "MESSAGE", "FIRST-TIME", "LAST-TIME")
_KEPT: Final = timedelta(hours=1)
_GAP: Final = 3


def scheduled_events(session: Session, now: datetime) -> tuple[Event, ...]:
    """What happens to a session before its container starts.

    Args:
        session: The session.
        now: The time.
    """
    pulled = f'Image "{session.image}" is only a label here: nothing was pulled'
    return (
        Event("Normal", "Scheduled", f"Assigned {pod_name(session)} to canfar-local", now),
        Event("Normal", "Pulled", pulled, now),
        Event("Normal", "Created", f"Created container {session.kind}", now),
    )


def started_event(session: Session, now: datetime) -> Event:
    """The container runs."""
    return Event("Normal", "Started", f"Started container {session.kind}", now)


def unstartable_event(reason: str, now: datetime) -> Event:
    """The container can't start."""
    return Event("Warning", "Failed", f"Error: StartError: {reason}", now)


def out_of_memory_event(session: Session, now: datetime) -> Event:
    """The container was killed for its memory."""
    most = f"{session.resources.ram_limit:g}Gi"
    message = f"Container {session.kind} used more than its {most} of memory and was killed"
    return Event("Warning", "OOMKilled", message, now)


def killing_event(session: Session, now: datetime) -> Event:
    """The container is being ended."""
    return Event("Normal", "Killing", f"Stopping container {session.kind}", now)


def interrupted_event(why: str, now: datetime) -> Event:
    """The platform itself ended."""
    return Event("Warning", "NodeShutdown", why, now)


def pod_name(session: Session) -> str:
    """What Kubernetes would call it."""
    return f"skaha-{session.kind}-{session.owner}-{session.key}"


def events_table(events: Sequence[Event], now: datetime) -> str:
    """The events as the server prints them, without those that Kubernetes has forgotten by now.

    Args:
        events: The events, in order.
        now: The time. Events go after an hour.

    Returns:
        A table with columns three spaces apart; ``<none>`` when there is nothing to show.
    """
    rows = [
        (event.type, event.reason, event.message, with_seconds(event.at), with_seconds(event.at))
        for event in events
        if event.at + _KEPT > now
    ]
    if not rows:
        return "<none>\n"
    rows.insert(0, _HEADER)
    widths = [max(map(len, column)) + _GAP for column in zip(*rows, strict=True)]
    lines = [
        "".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(lines) + "\n"
