"""The life of a session: its status, how long it may run, how long it is kept (section 3)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from attrs import evolve

from canfar.local.contract.generations import CURRENT
from canfar.local.contract.times import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from canfar.local.contract.generations import Generation
    from canfar.local.contract.session import Session
    from canfar.local.contract.settings import Settings
    from canfar.local.contract.world import World

__all__ = ["active", "deadline", "remove", "retention", "settle", "status"]

PENDING: Final = "Pending"
RUNNING: Final = "Running"
COMPLETED: Final = "Completed"
FAILED: Final = "Failed"
SUCCEEDED: Final = "Succeeded"
TERMINATING: Final = "Terminating"


def status(session: Session, now: datetime, generation: Generation = CURRENT) -> str:
    """A session's status: ``Pending``, ``Running``, ``Completed`` or ``Failed``.

    The fifth that the server knows, ``Terminating``, is never seen here: what is deleted is gone
    from every list at once, as it normally is on the real platform. It is seen with generations
    that list pods, which stay while what they run ends; there ``Completed`` is ``Succeeded``.

    Args:
        session: The session.
        now: The time.
        generation: The platform's.
    """
    if generation.lists_pods and session.deleted_at is not None:
        return TERMINATING
    if generation.lists_pods and session.finished_at is not None and session.succeeded:
        return SUCCEEDED
    if session.finished_at is not None:
        return COMPLETED if session.succeeded else FAILED
    if session.ready_at is not None and session.ready_at <= now:
        return RUNNING
    return PENDING


def active(session: Session) -> bool:
    """Whether it has begun and not ended: what can be renewed."""
    return session.started_at is not None and session.finished_at is None


def deadline(kind: str, settings: Settings) -> timedelta:
    """How long a new session of a kind may live."""
    seconds = settings.headless_expiry if kind == "headless" else settings.expiry
    return timedelta(seconds=seconds)


def retention(session: Session, settings: Settings) -> timedelta:
    """How long a session is kept after its end."""
    seconds = settings.headless_retention if session.headless else settings.retention
    return timedelta(seconds=seconds)


def settle(world: World, now: datetime) -> None:
    """Let time do its work: end what is past its deadline, forget what was kept long enough.

    Args:
        world: The platform.
        now: The time.
    """
    world.due = _earliest(world.due, world.store.take_changed(), world.settings)
    # Each request comes by here, and there may be thousands of sessions.
    if now < world.due:
        return
    for session in world.store:
        if session.deleted_at is not None:
            continue
        current = session
        expires_at = session.expires_at
        if session.finished_at is None and expires_at is not None and expires_at <= now:
            # Its processes are ended, but it stays in the lists as Failed.
            current = evolve(session, finished_at=expires_at, succeeded=False)
            world.store.put(current)
            if session.process:
                world.engine.stop(session.key)
        ended = current.finished_at
        if ended is not None and ended + retention(current, world.settings) <= now:
            remove(world, current)
    world.due = _earliest(NEVER, world.store, world.settings)


def _earliest(due: datetime, sessions: Iterable[Session], settings: Settings) -> datetime:
    return min((due, *(_due(session, settings) for session in sessions)))


def _due(session: Session, settings: Settings) -> datetime:
    """When time does something to a session."""
    if session.deleted_at is not None:
        return NEVER
    if session.finished_at is not None:
        return session.finished_at + retention(session, settings)
    return session.expires_at or NEVER


def remove(world: World, session: Session) -> None:
    """Forget a session that has no processes left, and what it wrote."""
    world.store.remove(session.key)
    if session.process:
        world.engine.forget(session.key)
