"""A session, as it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from canfar.local.contract.resources import Resources

__all__ = ["Event", "Session"]


@frozen
class Event:
    """Something that happened to a session.

    Attributes:
        type: ``Normal`` or ``Warning``.
        reason: One word, as Kubernetes has it.
        message: A sentence.
        at: When.
    """

    type: str
    reason: str
    message: str
    at: datetime


@frozen
class Session:
    """A session or a desktop app. Values never change: the store gets a new one.

    Attributes:
        id: The session's ID; of an app, its desktop's.
        owner: The user name.
        uid: The owner's numeric ID.
        groups: The numeric IDs of the owner's groups.
        image: The image: a label, nothing more.
        kind: The type, in lower case.
        name: The name, in lower case.
        resources: What it gets.
        created_at: When it was asked for.
        deadline: How long it may live from ``started_at``.
        app_id: The app's ID; None for a session.
        started_at: When the platform began to start it; None while it is queued.
        ready_at: When it was, or will be, Running.
        finished_at: When it ended.
        succeeded: How it ended.
        deleted_at: When it was deleted, while its processes are still ending.
        process: Whether a process belongs to it.
        notice: What its log says when no process writes one.
        events: What happened, in order.
    """

    id: str
    owner: str
    uid: int
    groups: tuple[int, ...]
    image: str
    kind: str
    name: str
    resources: Resources
    created_at: datetime
    deadline: timedelta
    app_id: str | None = None
    started_at: datetime | None = None
    ready_at: datetime | None = None
    finished_at: datetime | None = None
    succeeded: bool = False
    deleted_at: datetime | None = None
    process: bool = False
    notice: str = ""
    events: tuple[Event, ...] = field(default=(), repr=False)

    @property
    def key(self) -> str:
        """What tells it from every other session and app."""
        return self.id if self.app_id is None else f"{self.id}-{self.app_id}"

    @property
    def headless(self) -> bool:
        """Whether it is a batch job."""
        return self.kind == "headless"

    @property
    def expires_at(self) -> datetime | None:
        """When it ends by itself; None while it is queued."""
        return None if self.started_at is None else self.started_at + self.deadline
