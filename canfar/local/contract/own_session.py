"""Finding one session of the caller's: somebody else's is as good as none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar.local.contract.labels import check_label

if TYPE_CHECKING:
    from canfar.local.contract.session import Session
    from canfar.local.contract.world import Call

__all__ = ["own_apps", "own_session"]


def own_session(call: Call, session_id: str, *, ending: bool = False) -> Session | None:
    """The caller's session with an ID, or None.

    An empty ID, which a trailing slash makes, selects by nothing: some session of the caller's.

    Args:
        call: The call.
        session_id: The ID.
        ending: Whether a deleted session counts while its processes end.

    Raises:
        BadRequestError: The ID can't be the value of a label.
    """
    check_label("canfar.net/id", session_id)
    candidates = (
        [call.world.store.get(session_id)]
        if session_id
        else [session for session in call.world.store if session.app_id is None]
    )
    for session in candidates:
        if (
            session is not None
            and session.owner == call.user.name
            and (ending or session.deleted_at is None)
        ):
            return session
    return None


def own_apps(call: Call, session_id: str) -> list[Session]:
    """The caller's apps of a desktop.

    Args:
        call: The call.
        session_id: The desktop's ID.
    """
    return [
        session
        for session in call.world.store
        if session.app_id is not None
        and session.id == session_id
        and session.owner == call.user.name
    ]
