"""What becomes of sessions when the platform itself ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import evolve

from canfar.local.contract import lifecycle
from canfar.local.contract.events import interrupted_event

if TYPE_CHECKING:
    from canfar.local.contract.world import World

__all__ = ["interrupt"]

_WAITING: Final = "canfar.local ended before this session's turn came"
_RUNNING: Final = "canfar.local ended while this session ran, and its processes with it"


def interrupt(world: World) -> None:
    """End all sessions that have not ended: they are Failed, with an event that says why.

    Args:
        world: The platform, which runs nothing any more or is about to.
    """
    with world.lock:
        now = world.now()
        # First those that time had ended already.
        lifecycle.settle(world, now)
        for session in world.store:
            if session.deleted_at is not None:
                lifecycle.remove(world, session)
            elif session.finished_at is None:
                why = _WAITING if session.started_at is None else _RUNNING
                events = (*session.events, interrupted_event(why, now))
                world.store.put(evolve(session, finished_at=now, succeeded=False, events=events))
