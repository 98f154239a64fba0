"""``GET /session/{id}``: one session, or its logs, or its events (section 1.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar.local.contract.messages import Reply
from canfar.local.contract.own_session import own_session
from canfar.local.contract.problems import NotFoundError
from canfar.local.contract.session_events import session_events
from canfar.local.contract.session_json import full_fields, pretty_object
from canfar.local.contract.session_logs import session_logs

if TYPE_CHECKING:
    from canfar.local.contract.world import Call

__all__ = ["get_session"]


def get_session(call: Call, session_id: str) -> Reply:
    """Show a session.

    Args:
        call: The call.
        session_id: The session's ID.

    Raises:
        NotFoundError: The caller has no such session.
    """
    match call.parameters.first("view"):
        case "logs":
            return session_logs(call, session_id)
        case "events":
            return session_events(call, session_id)
        case _:
            ending = call.world.settings.generation.lists_pods
            session = own_session(call, session_id, ending=ending)
            if session is None:
                raise NotFoundError(f"session {session_id} not found")
            usage = call.world.engine.usage(session.key)
            text = pretty_object(full_fields(session, call.world.settings, call.now, usage))
            return Reply(200, "application/json", text.encode())
