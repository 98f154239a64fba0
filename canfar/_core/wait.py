"""Wait for sessions with one list call a poll, whatever their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from attrs import field, mutable

from canfar._core.away import PATIENCE, is_away
from canfar._core.fetch import fetch
from canfar._core.filters import has_ended, one_of, status_word
from canfar._core.ids import Ids, session_ids
from canfar._core.info import request
from canfar._core.steps import Clock, Pause, Plan, send
from canfar.errors import CanfarError, InvalidInput, NotFound, WaitTimeout
from canfar.models.session import GONE, SessionRecord, SessionRecords

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

Until: TypeAlias = Literal["ended", "running"]
OnChange: TypeAlias = "Callable[[SessionRecord], object] | None"
"""What is told each session's record when it is first seen and when its status changes."""

FIRST_PAUSE: Final = 0.1
PAUSE_AFTER_CHANGE: Final = 0.5
LONGEST_PAUSE: Final = 15.0
PAUSE_GROWTH: Final = 1.4

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
    away_since: float | None = None
    answered = False
    while watch.pending:
        try:
            yield from poll(watch, clock)
            answered, away_since = True, None
            if on_change is not None:
                for record in watch.changed:
                    on_change(record)
        except CanfarError as error:
            away_since = clock() if away_since is None else away_since
            if not answered or not is_away(error) or clock() - away_since >= PATIENCE:
                raise
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
    listed = yield from fetch()
    watch.at = listed.at
    missing = watch.see(listed)
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
    """

    ids: Sequence[str]
    until: Until | None
    since: float
    at: datetime | None = None
    changed: list[SessionRecord] = field(factory=list)
    _seen: dict[str, SessionRecord] = field(factory=dict)
    _settled: set[str] = field(factory=set)
    _reported: set[str] = field(factory=set)
    _pause: float = FIRST_PAUSE

    @property
    def pending(self) -> list[str]:
        """The sessions that have not become what is waited for."""
        return [each for each in self.ids if each not in self._settled]

    @property
    def records(self) -> SessionRecords:
        """Each session's last known state, in the caller's order."""
        return SessionRecords(self._seen.get(each, SessionRecord(id=each)) for each in self.ids)

    def last_status(self, session_id: str) -> str:
        """Return the last known status, or words for a session that never showed."""
        return self._seen[session_id].status if session_id in self._seen else "not seen yet"

    def see(self, records: Sequence[SessionRecord]) -> list[str]:
        """Take in what the server says; return the pending sessions that are not among it."""
        # A thousand sessions are looked at in each poll: what needs no property asks for none.
        listed = {r["id"]: r for r in records if "appid" not in r or not r.app_id}
        pending = self.pending
        self.changed = []
        for each in pending:
            record = listed.get(each)
            if record is not None:
                before = self._seen.get(each)
                if before is None or before["status"] != record["status"]:
                    self._change(each, record)
                self._seen[each] = record
        return [each for each in pending if each not in listed]

    def lose(self, ids: Sequence[str], now: float) -> None:
        """Take in that the server knows no such sessions."""
        for each in ids:
            if each in self._seen or now - self.since >= APPEARANCE:
                gone = SessionRecord(self._seen.get(each, {"id": each}))
                gone["status"] = GONE
                self._change(each, gone)
                self._seen[each] = gone

    def newly_settled(self) -> list[SessionRecord]:
        """Return the sessions that settled since this was last asked."""
        new = [each for each in self.ids if each in self._settled - self._reported]
        self._reported.update(new)
        return [self._seen[each] for each in new]

    def next_pause(self) -> float:
        """Return the seconds to the next poll: short after a change, longer in quiet."""
        pause = self._pause
        self._pause = min(self._pause * PAUSE_GROWTH, LONGEST_PAUSE)
        return pause

    def _change(self, session_id: str, record: SessionRecord) -> None:
        self._pause = min(self._pause, PAUSE_AFTER_CHANGE)
        self.changed.append(record)
        if self._is_settled(record):
            self._settled.add(session_id)

    def _is_settled(self, record: SessionRecord) -> bool:
        if record.status == GONE or has_ended(record.status):
            return True
        until = self.until or ("ended" if record.kind == "headless" else "running")
        return until == "running" and status_word(record.status) == "running"
