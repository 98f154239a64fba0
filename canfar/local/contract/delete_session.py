"""``DELETE /session/{id}``: always 200, whatever the ID (sections 1.11 and 3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from canfar.local.contract import lifecycle
from canfar.local.contract.events import killing_event
from canfar.local.contract.labels import is_label
from canfar.local.contract.messages import Reply
from canfar.local.contract.own_session import own_apps, own_session
from canfar.local.contract.problems import BadRequestError

if TYPE_CHECKING:
    from canfar.local.contract.session import Session
    from canfar.local.contract.world import Call

__all__ = ["delete_everything", "delete_session", "end"]


def delete_everything(_call: Call) -> Reply:
    """Refuse to delete without an ID.

    Raises:
        BadRequestError: Always.
    """
    raise BadRequestError("Cannot kill all sessions.")


def delete_session(call: Call, session_id: str) -> Reply:
    """Delete a session, its desktop apps and everything it runs.

    Args:
        call: The call.
        session_id: The session's ID; an unknown one, or an empty one, changes nothing.
    """
    if session_id and is_label(session_id):
        session = own_session(call, session_id)
        if session is not None:
            for app in own_apps(call, session_id):
                end(call, app)
            end(call, session)
    return Reply(200)


def end(call: Call, session: Session) -> None:
    """Take a session or an app out of the lists and end its processes.

    While they end, its logs and events can still be read; then they are gone too.

    Args:
        call: The call.
        session: The session or app.
    """
    if session.process and session.finished_at is None:
        events = (*session.events, killing_event(session, call.now))
        call.world.store.put(evolve(session, deleted_at=call.now, events=events))
        call.world.engine.stop(session.key)
    else:
        lifecycle.remove(call.world, session)
