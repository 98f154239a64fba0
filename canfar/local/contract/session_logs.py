"""``GET /session/{id}?view=logs``: never a 404 (section 2.8).

A session that isn't there, isn't the caller's or hasn't begun has an empty log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar.local.contract.messages import Reply
from canfar.local.contract.own_session import own_apps, own_session

if TYPE_CHECKING:
    from canfar.local.contract.world import Call

__all__ = ["session_logs"]


def session_logs(call: Call, session_id: str) -> Reply:
    """Show what a session wrote to its output and its error output; a desktop's apps' as well.

    Args:
        call: The call.
        session_id: The session's ID.
    """
    session = own_session(call, session_id, ending=True)
    if session is None:
        return Reply(200, "text/plain")
    notices = [session.notice, *(app.notice for app in own_apps(call, session.id))]
    return Reply(
        200,
        "text/plain",
        "".join(notices).encode(),
        log_of=session.key if session.process else None,
    )
