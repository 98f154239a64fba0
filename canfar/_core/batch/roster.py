"""Which sessions are which replicas of a batch, and what became of them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen, mutable

from canfar.errors import InvalidInput, MayExist
from canfar.models.batch import BatchStatus, Replica
from canfar.models.failure import Failure
from canfar.models.session import GONE, CreateRequest, SessionRecord, numbered
from canfar.models.status import has_ended, has_failed, status_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from canfar.models.outcome import Outcome

__all__ = ["NOT_STARTED", "Ending", "Roster", "in_list"]

NOT_STARTED: Final = "not started"
ORDER: Final = (NOT_STARTED, "Pending", "Running", "Terminating", "Completed", "Failed", GONE)

SAME_CLOCK: Final = timedelta(seconds=2)
"""How far two clocks may seem apart and be the same: replies are dated in whole seconds."""

LAST: Final = datetime.max.replace(tzinfo=UTC)

SOON: Final = timedelta(seconds=60)
"""How long after a look an end that is seen still counts as the time of the end."""


@frozen(kw_only=True)
class Ending:
    """How a session failed.

    Attributes:
        failure: Why.
        log_tail: The last lines of its log.
        events: Its events.
    """

    failure: Failure
    log_tail: str = ""
    events: str = ""


@mutable(eq=False)
class Roster:
    """The replicas of a batch.

    Attributes:
        name: The batch's name.
        count: How many replicas it has.
        request: What starts them, or None when only their sessions are known.
        attempts: The sessions of each replica, the latest last.
        records: What the server said last of each session.
        errors: Why the latest session of a replica was not started.
        submitted: When each session was asked for, by the server's clock.
        looked: When all that may be running was last looked at.
        ended: When each session was first seen to have ended.
        endings: How sessions failed.
        doubts: When replicas were asked for of which it is not known whether they were started.
        ahead: How far the server's clock is ahead of ours; None until it was seen.
    """

    name: str
    count: int
    request: CreateRequest | None = field(default=None, repr=False)
    attempts: dict[int, list[str]] = field(factory=dict[int, list[str]])
    records: dict[str, SessionRecord] = field(factory=dict[str, SessionRecord], repr=False)
    errors: dict[int, str] = field(factory=dict[int, str])
    submitted: dict[str, datetime] = field(factory=dict[str, datetime], repr=False)
    looked: datetime | None = None
    ended: dict[str, datetime] = field(factory=dict[str, datetime], repr=False)
    endings: dict[str, Ending] = field(factory=dict[str, Ending], repr=False)
    doubts: dict[int, datetime] = field(factory=dict[int, datetime], repr=False)
    ahead: timedelta | None = None

    @classmethod
    def of(cls, request: CreateRequest) -> Roster:
        """Return the batch that a request asks for, of which nothing is started yet.

        Raises:
            InvalidInput: It asks for sessions that do not end by themselves.
        """
        if request.kind.lower() != "headless":
            raise InvalidInput(
                f"a batch is of headless sessions, not of kind {request.kind!r}; "
                "create() starts the others"
            )
        return cls(name=request.name, count=request.replicas, request=request)

    def asking_for(self, numbers: Iterable[int]) -> None:
        """Note that these replicas are about to be started."""
        self.doubts.update(dict.fromkeys(numbers, self.now))

    def started(self, outcomes: Iterable[Outcome[Any]]) -> None:
        """Note which sessions were started, and which were not."""
        for outcome in outcomes:
            if not isinstance(outcome.about, int):
                continue
            if not isinstance(outcome.error, MayExist):
                self.doubts.pop(outcome.about, None)
            if outcome.error is not None:
                self.errors[outcome.about] = str(outcome.error.message)
            else:
                self._add(outcome.about, str(outcome.value), self.now)

    def _add(self, number: int, session_id: str, at: datetime) -> None:
        self.errors.pop(number, None)
        self.attempts.setdefault(number, []).append(session_id)
        self.submitted[session_id] = at

    def settle_doubts(self, listed: Iterable[SessionRecord]) -> None:
        """Take a session for a replica's whose start was left open, if it can only be that."""
        known = {each for ids in self.attempts.values() for each in ids}
        by_name: dict[str, list[SessionRecord]] = {}
        for record in listed:
            if record.id not in known and not record.app_id:
                by_name.setdefault(record.name.lower(), []).append(record)
        for number, asked in list(self.doubts.items()):
            found = [
                record
                for record in by_name.get(self.name_of(number).lower(), [])
                if record.start_time is None or record.start_time >= asked - SAME_CLOCK
            ]
            if len(found) > 1:
                continue
            del self.doubts[number]
            for record in found:
                self._add(number, record.id, asked)

    def name_of(self, number: int) -> str:
        """Return the name of a replica's sessions."""
        return numbered(self.name, number, self.count)

    @property
    def now(self) -> datetime:
        """The time, by the server's clock as far as that is known."""
        return datetime.now(UTC) + (self.ahead or timedelta())

    def clock_said(self, at: datetime | None) -> None:
        """Note what the server's clock said a moment ago."""
        if at is None:
            return
        apart = at - datetime.now(UTC)
        before, self.ahead = self.ahead, timedelta() if abs(apart) <= SAME_CLOCK else apart
        if before is None:
            self.submitted = {each: then + self.ahead for each, then in self.submitted.items()}

    def see(self, records: Iterable[SessionRecord]) -> None:
        """Note what the server says of sessions."""
        records = list(records)
        if not records:
            return
        known = {each for ids in self.attempts.values() for each in ids}
        now = self.now
        for record in records:
            if record.id not in known or record.app_id:
                continue
            before = self.records.get(record.id)
            # How it ended is known for longer than the server knows it.
            if record.status == GONE and before is not None and has_ended(before.status):
                continue
            self.records[record.id] = record
            if _is_over(record.status) and (before is None or not _is_over(before.status)):
                last = self.submitted.get(record.id) if before is None else self.looked
                if last is not None and now - last <= SOON:
                    self.ended[record.id] = now

    def has_looked(self) -> None:
        """Note that all that may be running has been looked at now."""
        self.looked = self.now

    def is_open(self, session_id: str) -> bool:
        """Whether a session is not known to have ended or to be gone."""
        record = self.records.get(session_id)
        return record is None or not _is_over(record.status)

    def has_failed(self, session_id: str) -> bool:
        """Whether a session is known to have failed."""
        record = self.records.get(session_id)
        return record is not None and has_failed(record.status)

    @property
    def ids(self) -> list[str]:
        """The latest session of each replica that has one."""
        return [self.attempts[n][-1] for n in self.numbers if self.attempts.get(n)]

    @property
    def numbers(self) -> range:
        """The numbers of the replicas."""
        return range(1, self.count + 1)

    def state(self, number: int) -> str:
        """Return the state of a replica."""
        if number in self.errors or not self.attempts.get(number):
            return NOT_STARTED
        record = self.records.get(self.attempts[number][-1])
        return "Pending" if record is None else record.status

    def replica(self, number: int) -> Replica:
        """Return a replica as it was last seen."""
        attempts = self.attempts.get(number, [])
        state = self.state(number)
        latest = attempts[-1] if attempts and state != NOT_STARTED else ""
        record = self.records.get(latest)
        waiting = record is None or status_word(record.status) == "pending"
        ending = self.endings.get(latest)
        return Replica(
            number=number,
            name=self.name_of(number),
            id=attempts[-1] if attempts else None,
            state=state,
            attempts=tuple(attempts),
            submitted=self.submitted.get(latest),
            started=None if record is None or waiting else record.start_time,
            ended=self.ended.get(latest),
            seen=self.looked if latest and self.is_open(latest) else None,
            failure=self._failure(number, state, ending),
            log_tail=ending.log_tail if ending else "",
            events=ending.events if ending else "",
        )

    def _failure(self, number: int, state: str, ending: Ending | None) -> Failure | None:
        if ending is not None:
            return ending.failure
        if state == NOT_STARTED:
            reason = self.errors.get(number, "it was not started yet")
            return Failure(cause=NOT_STARTED, text=reason)
        if state == GONE:
            return Failure(
                cause="gone", text="the server knows it no longer and never said how it ended"
            )
        if self._has_failed(state):
            return Failure(cause="unknown", text="nobody has looked yet; wait() does")
        return None

    @property
    def status(self) -> BatchStatus:
        """How many replicas are in which state."""
        counts = Counter(self.state(number) for number in self.numbers)
        ordered = sorted(counts, key=lambda s: ORDER.index(s) if s in ORDER else len(ORDER))
        return BatchStatus({state: counts[state] for state in ordered})

    @property
    def failed(self) -> list[int]:
        """The replicas that failed, vanished without an end, or never started."""
        return [number for number in self.numbers if self._has_failed(self.state(number))]

    @staticmethod
    def _has_failed(state: str) -> bool:
        return state in {NOT_STARTED, GONE} or has_failed(state)


def _is_over(status: str) -> bool:
    return status == GONE or has_ended(status)


def in_list(asked: str | CreateRequest, records: Iterable[SessionRecord]) -> Roster:
    """Return the batch of that name, or of what was asked for, as far as a list of sessions tells.

    Raises:
        InvalidInput: Only the name is known, and no session has such a name.
    """
    if isinstance(asked, str):
        return _of_name(asked, records)
    roster = Roster.of(asked)
    numbered, alone = _by_number(asked.name, records)
    _take(roster, numbered if roster.count > 1 else {1: alone})
    return roster


def _of_name(name: str, records: Iterable[SessionRecord]) -> Roster:
    numbered, alone = _by_number(name, records)
    if not numbered and not alone:
        raise InvalidInput(
            f"there is no batch {name!r}: none of your sessions is called {name} or {name}-1",
            advice="The server forgets headless sessions an hour after their end.",
        )
    roster = Roster(name=name, count=max(numbered, default=1))
    # A session whose name has no number is no replica of those that have one.
    _take(roster, numbered or {1: alone})
    return roster


def _by_number(
    name: str, records: Iterable[SessionRecord]
) -> tuple[dict[int, list[SessionRecord]], list[SessionRecord]]:
    """Return the sessions of that name with a number, and those without one."""
    pattern = re.compile(rf"{re.escape(name)}(?:-([1-9]\d*))?", re.IGNORECASE)
    numbered: dict[int, list[SessionRecord]] = {}
    alone: list[SessionRecord] = []
    for record in records:
        match = pattern.fullmatch(record.name)
        if match is None or record.app_id:
            continue
        place = alone if match[1] is None else numbered.setdefault(int(match[1]), [])
        place.append(record)
    return numbered, alone


def _take(roster: Roster, found: Mapping[int, list[SessionRecord]]) -> None:
    seen: list[SessionRecord] = []
    for number in roster.numbers:
        # What is queued has no time of start yet, and came after all that had to end first.
        ordered = sorted(found.get(number, []), key=lambda record: record.start_time or LAST)
        roster.attempts[number] = [record.id for record in ordered]
        seen += ordered
    roster.see(seen)
