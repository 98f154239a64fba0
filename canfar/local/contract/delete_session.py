"""``DELETE /session/{id}``: always 200, whatever the ID (sections 1.11 and 3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from canfar.local.contract import lifecycle
from canfar.local.contract.events import killing_event
from canfar.local.contract.labels import is_label
from canfar.local.contract.messages import Reply
from canfar.local.contract.own_session import own_apps, own_session
from canfar.local.contract.problems import BadRequestError, ForbiddenError, NotFoundError

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

    Raises:
        NotFoundError: There is no such session, and the platform's generation looks.
        ForbiddenError: It is somebody else's, and the platform's generation looks.
    """
    if call.world.settings.generation.checked_delete:
        _check(call, session_id)
    if session_id and is_label(session_id):
        session = own_session(call, session_id)
        if session is not None:
            for app in own_apps(call, session_id):
                end(call, app)
            end(call, session)
    return Reply(200)


def _check(call: Call, session_id: str) -> None:
    """What servers before 1.0 look at first. One that is being deleted already is still there."""
    session = call.world.store.get(session_id)
    if session is None:
        raise NotFoundError(session_id)
    if session.owner != call.user.name:
        raise ForbiddenError("forbidden")


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
