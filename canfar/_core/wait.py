"""Wait for sessions with one list call a poll, whatever their number."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from attrs import Factory, field, mutable

from canfar._core.away import Absence
from canfar._core.fetch import Look, look, without_apps
from canfar._core.filters import one_of
from canfar._core.ids import Ids, session_ids
from canfar._core.info import request
from canfar._core.steps import Clock, Pause, Plan, send
from canfar.errors import CanfarError, InvalidInput, NotFound, WaitTimeout
from canfar.models.session import GONE, SessionRecord, SessionRecords
from canfar.models.status import has_ended, status_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

Until: TypeAlias = Literal["ended", "running"]
OnChange: TypeAlias = "Callable[[SessionRecord], object] | None"
"""What is told each session's record when it is first seen and when its status changes."""

FIRST_PAUSE: Final = 0.1
PAUSE_AFTER_CHANGE: Final = 0.5
LONGEST_PAUSE: Final = 15.0
PAUSE_GROWTH: Final = 1.4
SHARE_OF_QUIET: Final = 0.02
LONGEST_PAUSE_IN_LONG_QUIET: Final = 30.0
"""Seconds between polls when nothing has changed for long: a share of that time, up to these."""

APPEARANCE: Final = 10.0
"""Seconds for which a session that the server does not list yet may still appear."""


def wait(
    ids: Ids,
    timeout: float | None,
    until: Until | None,
    clock: Clock,
    on_change: OnChange = None,
) -> Plan[SessionRecords]:
    """Plan to wait until each session has become what is waited for."""
    watch = Watch(session_ids(ids), goal(until), clock())
    yield from keep_watch(watch, deadline(timeout, clock), clock, on_change)
    return watch.records


def keep_watch(
    watch: Watch, end: float | None, clock: Clock, on_change: OnChange = None
) -> Plan[None]:
    """Plan to poll until the watch is over or its time is."""
    absence = Absence(clock)
    while watch.pending:
        try:
            yield from poll(watch, clock)
        except CanfarError as error:
            absence.bear(error)
        else:
            absence.over()
            if on_change is not None:
                for record in watch.changed:
                    on_change(record)
        if not watch.pending:
            return
        pause = watch.next_pause()
        if end is not None and clock() + pause > end:
            left = end - clock()
            if left <= 0:
                raise timed_out(watch)
            pause = left
        yield Pause(pause)


def poll(watch: Watch, clock: Clock) -> Plan[list[SessionRecord]]:
    """Plan one look at all the sessions; the value is those that are newly settled."""
    missing = watch.take((yield from look(watch.marks)))
    changed = watch.changed
    # A session may leave the list and still be there (protocol notes, 9: Skaha 1.0.0 to 1.0.2).
    outcomes = yield from send([request(each) for each in missing])
    found = [o.value for o in outcomes if o.value is not None]
    absent = [str(o.about) for o in outcomes if isinstance(o.error, NotFound)]
    watch.see(found)
    watch.lose(absent, clock())
    watch.changed = [*changed, *watch.changed]
    return watch.newly_settled()


def goal(until: str | None) -> Until | None:
    """Return what to wait for, or raise InvalidInput for a word that is none."""
    if until is None:
        return None
    return one_of("until", until, ("ended", "running"))  # type: ignore[return-value]  # it is


def deadline(timeout: float | None, clock: Clock) -> float | None:
    """Return the clock's time at which a timeout in seconds ends."""
    if timeout is None:
        return None
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or timeout < 0:
        raise InvalidInput(f"timeout must be a number of seconds, not {timeout!r}")
    return clock() + timeout


def timed_out(watch: Watch) -> WaitTimeout:
    """Return the error for sessions that did not become what was waited for in time."""
    shown = ", ".join(f"{each} ({watch.last_status(each)})" for each in watch.pending[:5])
    more = f" and {len(watch.pending) - 5} more" if len(watch.pending) > 5 else ""  # noqa: PLR2004
    error = WaitTimeout(
        f"{len(watch.pending)} of {len(watch.ids)} sessions are not there yet: {shown}{more}",
        advice="They go on; wait again with the same ids.",
    )
    error.results = watch.records
    return error


@mutable
class Watch:
    """What is known of the sessions that are waited for; pure, so that time can be a test's.

    Attributes:
        ids: The sessions, in the caller's order.
        until: What to wait for; None means the end of headless and the start of other sessions.
        since: The clock's time when the watch began.
        at: When the server was last looked at, by its own clock.
        changed: The sessions that the last look found in another state than the one before.
        pending: The sessions that have not become what is waited for.
        marks: Those of the last look, None before the first.
    """

    ids: Sequence[str]
    until: Until | None
    since: float
    at: datetime | None = None
    changed: list[SessionRecord] = field(factory=list)
    pending: list[str] = field(default=Factory(lambda self: list(self.ids), takes_self=True))
    marks: list[bytes] | None = None
    # Of a thousand sessions hardly any has changed since the last poll: a reply is read only if
    # one has, or if somebody asks, and a record is made only of what did change.
    _listed: set[str] = field(factory=set)
    _unread: bytes = b""
    _seen: dict[str, Mapping[str, Any]] = field(factory=dict)
    _statuses: dict[str, str] = field(factory=dict)
    _settled: dict[str, SessionRecord] = field(factory=dict)
    _unreported: list[SessionRecord] = field(factory=list)
    _pause: float = FIRST_PAUSE
    _quiet: float = 0.0

    @property
    def records(self) -> SessionRecords:
        """Each session's last known state, in the caller's order."""
        if self._unread:
            now = without_apps(json.loads(self._unread))
            self._seen.update({each["id"]: each for each in now})
            self._seen.update(self._settled)
            self._unread = b""
        return SessionRecords(self._seen.get(each, {"id": each}) for each in self.ids)

    def last_status(self, session_id: str) -> str:
        """Return the last known status, or words for a session that never showed."""
        return self._statuses.get(session_id, "not seen yet")

    def take(self, looked: Look) -> list[str]:
        """Take in a look at all sessions; return the pending ones that it did not find."""
        self.at, self.marks, self._unread = looked.at, looked.marks, looked.body
        if looked.sessions is None:
            self.changed = []
        else:
            self.see(looked.sessions)
            self._listed = {each["id"] for each in looked.sessions}
        return [each for each in self.pending if each not in self._listed]

    def see(self, sessions: Iterable[Mapping[str, Any]]) -> None:
        """Take in what the server says."""
        there = {each["id"]: each for each in sessions}
        statuses: dict[str, str] = {each: there[each]["status"] for each in there}
        before = self._statuses
        self._statuses = {**before, **statuses}
        self._seen.update(there)
        self._seen.update(self._settled)
        self.changed = []
        if self._statuses != before:
            for each in self.pending:
                if each in there and statuses[each] != before.get(each):
                    self._change(each, SessionRecord(there[each]))
            self._drop_settled()

    def lose(self, ids: Sequence[str], now: float) -> None:
        """Take in that the server knows no such sessions."""
        for each in ids:
            if each in self._seen or now - self.since >= APPEARANCE:
                gone = SessionRecord(self._seen.get(each, {"id": each}))
                gone["status"] = self._statuses[each] = GONE
                self._change(each, gone)
        self._drop_settled()

    def newly_settled(self) -> list[SessionRecord]:
        """Return the sessions that settled since this was last asked."""
        new, self._unreported = self._unreported, []
        return new

    def next_pause(self) -> float:
        """Return the seconds to the next poll: short after a change, longer in quiet."""
        pause = self._pause
        self._quiet += pause
        longest = max(LONGEST_PAUSE, self._quiet * SHARE_OF_QUIET)
        self._pause = min(pause * PAUSE_GROWTH, longest, LONGEST_PAUSE_IN_LONG_QUIET)
        return pause

    def _change(self, session_id: str, record: SessionRecord) -> None:
        self._pause, self._quiet = min(self._pause, PAUSE_AFTER_CHANGE), 0.0
        self.changed.append(record)
        if self._is_settled(record):
            self._settled[session_id] = self._seen[session_id] = record
            self._unreported.append(record)

    def _drop_settled(self) -> None:
        self.pending = [each for each in self.pending if each not in self._settled]

    def _is_settled(self, record: SessionRecord) -> bool:
        if record.status == GONE or has_ended(record.status):
            return True
        until = self.until or ("ended" if record.kind == "headless" else "running")
        return until == "running" and status_word(record.status) == "running"
