"""What changes: sessions that appear, whose status changes, that are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import field, frozen, mutable

from canfar._core.away import Absence
from canfar._core.fetch import fetch
from canfar._core.steps import Clock, Emit, Pause, Plan
from canfar._core.wait import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    PAUSE_AFTER_CHANGE,
    PAUSE_GROWTH,
    deadline,
)
from canfar.errors import CanfarError
from canfar.models.session import SessionRecord, SessionRecords

if TYPE_CHECKING:
    from collections.abc import Iterable


@frozen(kw_only=True)
class Change:
    """Something that happened to a session.

    Attributes:
        what: "appeared", "status" or "gone".
        record: The session as it is now; as it was last seen when it is gone.
        before: Its status before, or None when it appeared.
    """

    what: Literal["appeared", "status", "gone"]
    record: SessionRecord
    before: str | None = None

    def __str__(self) -> str:
        name = f"{self.record.name} ({self.record.id})"
        match self.what:
            case "appeared":
                return f"{name} appeared: {self.record.status}"
            case "gone":
                return f"{name} is gone; it was {self.before}"
            case _:
                return f"{name}: {self.before} -> {self.record.status}"


@mutable
class Picture:
    """The sessions as they were last seen; pure."""

    _seen: dict[str, SessionRecord] = field(factory=dict[str, SessionRecord])

    def changes(self, listed: Iterable[SessionRecord]) -> list[Change]:
        """Return what is different from what was seen before, and see it."""
        now = {record.id: record for record in listed if not record.app_id}
        found: list[Change] = []
        for each, record in now.items():
            before = self._seen.get(each)
            if before is None:
                found.append(Change(what="appeared", record=record))
            elif before.status != record.status:
                found.append(Change(what="status", record=record, before=before.status))
        for each, before in self._seen.items():
            if each not in now:
                found.append(Change(what="gone", record=before, before=before.status))
        self._seen = now
        return found


def watch(kinds: str | Iterable[str] | None, timeout: float | None, clock: Clock) -> Plan[None]:
    """Plan to tell of changes until the time is over, or for ever.

    A server that has answered before and is away for a while ends nothing: what changed meanwhile
    is told when it is back.
    """
    end = deadline(timeout, clock)
    picture = Picture()
    pause = FIRST_PAUSE
    absence = Absence(clock)
    while True:
        listed: SessionRecords | None = None
        try:
            listed = yield from fetch(kinds)
        except CanfarError as error:
            absence.bear(error)
            pause = LONGEST_PAUSE
        if listed is not None:
            absence.over()
            changes = picture.changes(listed)
            for change in changes:
                yield Emit(change)
            pause = PAUSE_AFTER_CHANGE if changes else min(pause * PAUSE_GROWTH, LONGEST_PAUSE)
        if end is not None and clock() >= end:
            return
        yield Pause(pause if end is None else min(pause, max(0.0, end - clock())))
