"""What an engine reports about the commands it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from canfar.local.contract import lifecycle
from canfar.local.contract.events import (
    out_of_memory_event,
    scheduled_events,
    started_event,
    unstartable_event,
)

if TYPE_CHECKING:
    from canfar.local.contract.world import World

__all__ = ["Reports"]


class Reports:
    """Takes the reports of an engine, from whichever thread they come.

    A report about a session that is gone, or that has ended already, changes nothing.

    Args:
        world: The platform.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def admitted(self, session_id: str) -> None:
        """A command's turn has come."""
        with self._world.lock:
            session = self._world.store.get(session_id)
            if session is not None and session.started_at is None:
                now = self._world.now()
                events = (*session.events, *scheduled_events(session, now))
                self._world.store.put(evolve(session, started_at=now, events=events))

    def started(self, session_id: str) -> None:
        """A command runs."""
        with self._world.lock:
            session = self._world.store.get(session_id)
            if session is not None and session.finished_at is None:
                now = self._world.now()
                events = (*session.events, started_event(session, now))
                self._world.store.put(evolve(session, ready_at=now, events=events))

    def unstartable(self, session_id: str, reason: str) -> None:
        """A command can't be started.

        Args:
            session_id: Whose command.
            reason: Why not.
        """
        with self._world.lock:
            session = self._world.store.get(session_id)
            if session is not None and session.finished_at is None:
                event = unstartable_event(reason, self._world.now())
                self._world.store.put(evolve(session, events=(*session.events, event)))
            self._finish(session_id, succeeded=False)

    def out_of_memory(self, session_id: str) -> None:
        """A command was killed because it used more memory than it may.

        Args:
            session_id: Whose command.
        """
        with self._world.lock:
            session = self._world.store.get(session_id)
            if session is not None and session.finished_at is None:
                event = out_of_memory_event(session, self._world.now())
                self._world.store.put(evolve(session, events=(*session.events, event)))

    def finished(self, session_id: str, exit_code: int | None) -> None:
        """A command has ended, and everything it started with it.

        Args:
            session_id: Whose command.
            exit_code: How it ended; None when it never began.
        """
        with self._world.lock:
            self._finish(session_id, succeeded=exit_code == 0)

    def _finish(self, session_id: str, *, succeeded: bool) -> None:
        session = self._world.store.get(session_id)
        if session is None:
            self._world.engine.forget(session_id)
        elif session.deleted_at is not None:
            lifecycle.remove(self._world, session)
        elif session.finished_at is None:
            now = self._world.now()
            self._world.store.put(evolve(session, finished_at=now, succeeded=succeeded))
