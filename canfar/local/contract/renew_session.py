"""``POST /session/{id}``: renewing, and nothing else (section 1.7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import evolve

from canfar.local.contract.lifecycle import active
from canfar.local.contract.messages import Reply
from canfar.local.contract.own_session import own_apps, own_session
from canfar.local.contract.problems import BadRequestError

if TYPE_CHECKING:
    from canfar.local.contract.world import Call

__all__ = ["modify_session"]


def modify_session(call: Call, session_id: str) -> Reply:
    """Renew a session: from now on it has as long to live as a new interactive one.

    A session that has longer than that, as a headless one does for days, keeps what it has. The
    answer is the same: 200 and nothing.

    Args:
        call: The call.
        session_id: The session's ID.

    Raises:
        BadRequestError: No ``action``, another action, or no session of the caller's that has
            begun and not ended.
    """
    action = call.parameters.first("action")
    if not session_id or action is None:
        raise BadRequestError("Cannot modify an existing session")
    if action.lower() != "renew":
        raise BadRequestError("unrecognized action")
    desktop = own_session(call, session_id)
    found = [desktop] if desktop is not None else []
    found = [one for one in (*found, *own_apps(call, session_id)) if active(one)]
    if not found:
        raise BadRequestError(
            f"No active job for user {call.user.principal} with session {session_id}"
        )
    wanted = timedelta(seconds=call.world.settings.expiry)
    for session in found:
        if session.started_at is not None:
            elapsed = call.now - session.started_at
            if wanted > session.deadline - elapsed:
                call.world.store.put(evolve(session, deadline=elapsed + wanted))
    return Reply(200)
