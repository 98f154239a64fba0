"""``GET /session``: which sessions a list holds (section 1.8).

Filters never fail: what matches nothing gives an empty list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar.local.contract.lifecycle import status
from canfar.local.contract.messages import Reply
from canfar.local.contract.session_json import full_fields, pretty, public_fields
from canfar.local.contract.stats import stats

if TYPE_CHECKING:
    from canfar.local.contract.session import Session
    from canfar.local.contract.world import Call

__all__ = ["list_reply", "list_sessions", "listed"]


def list_sessions(call: Call) -> Reply:
    """List the caller's sessions; everybody's with ``view=all``.

    Args:
        call: The call.
    """
    view = call.parameters.first("view")
    kind = call.parameters.first("type")
    if view == "stats":
        return stats(call)
    found = listed(call)
    interactive = call.world.settings.generation.interactive_view
    if view is not None and view.lower() == "interactive" and interactive:
        found = [session for session in found if not session.headless]
    elif kind is None:
        found = [session for session in found if session.app_id is None]
    else:
        found = [session for session in found if session.kind == kind.lower()]
    return list_reply(call, found)


def listed(call: Call) -> list[Session]:
    """The sessions and apps that the caller may see, in the order of the server's names for them.

    The ``status`` filter is applied.

    Args:
        call: The call.
    """
    everybody = call.parameters.first("view") == "all"
    wanted = call.parameters.first("status")
    owner = call.user.name
    generation = call.world.settings.generation
    found = [
        session
        for session in call.world.store
        if (session.deleted_at is None or generation.lists_pods)
        and (everybody or session.owner == owner)
        and (wanted is None or status(session, call.now, generation).lower() == wanted.lower())
    ]
    found.sort(key=lambda session: (session.kind, session.owner, session.key))
    return found


def list_reply(call: Call, sessions: list[Session]) -> Reply:
    """The reply that holds a list: four public fields with ``view=all``, else everything.

    Args:
        call: The call.
        sessions: The sessions and apps.
    """
    settings = call.world.settings
    if call.parameters.first("view") == "all":
        text = pretty([public_fields(session, settings, call.now) for session in sessions])
    else:
        usage = call.world.engine.usage
        text = pretty([full_fields(one, settings, call.now, usage(one.key)) for one in sessions])
    return Reply(200, "application/json", text.encode())
