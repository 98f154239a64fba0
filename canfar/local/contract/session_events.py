"""``GET /session/{id}?view=events`` (section 2.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar.local.contract.events import events_table
from canfar.local.contract.messages import Reply
from canfar.local.contract.own_session import own_apps, own_session
from canfar.local.contract.problems import NotFoundError

if TYPE_CHECKING:
    from canfar.local.contract.world import Call

__all__ = ["session_events"]


def session_events(call: Call, session_id: str) -> Reply:
    """Show what happened to a session.

    Args:
        call: The call.
        session_id: The session's ID.

    Raises:
        NotFoundError: No such session, or it is queued and nothing was started for it yet. The
            sentence ends in a full stop, unlike that of the JSON view.
    """
    session = own_session(call, session_id, ending=True)
    if session is None or (session.started_at is None and session.finished_at is None):
        raise NotFoundError(f"session {session_id} not found.")
    # With several pods the server's look-up names none of them.
    events = () if own_apps(call, session.id) else session.events
    past = [event for event in events if event.at <= call.now]
    return Reply(200, "text/plain", events_table(past, call.now).encode())
