"""Follow what sessions write until all have ended, with a server that has no follow and no tail."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from attrs import field, mutable
from skaha_client.api.sessions import get_session

from canfar._core.away import Absence
from canfar._core.fetch import fetch
from canfar._core.ids import Ids, session_ids
from canfar._core.log_reader import LogReader, text_of_line
from canfar._core.steps import Call, Clock, Emit, Pause, Plan, send
from canfar._core.wait import APPEARANCE, OnChange, deadline
from canfar.errors import CanfarError, WaitTimeout
from canfar.models.session import GONE, SessionRecord, SessionRecords
from canfar.models.status import has_ended, status_word

logger: Final = logging.getLogger("canfar")

SHORTEST: Final = 0.3
LONGEST: Final = 15.0
GROWTH: Final = 1.4

PACE: Final = 512 * 1024
"""Bytes a second that following one long log may cost, on average."""

LONGEST_FOR_SIZE: Final = 60.0

AT_ONCE: Final = 32
"""Logs that are read before what is new in them is given."""

EARLY: Final = 0.5
"""The part of its pause after which a session is looked at beside one that is due.

So those that were looked at apart come together, and many need as few lists as one does.
"""

if TYPE_CHECKING:
    from collections.abc import Mapping


@mutable
class Followed:
    """One session that is followed.

    Attributes:
        id: The session.
        reader: What has been read of its log.
        status: What the server said last, or None.
        due: The clock's time of the next look.
        early: The clock's time from which on it is looked at beside others.
        pause: Seconds between looks, for as long as nothing comes.
        over: Whether it was over before the last look began.
        done: Whether its last line was given.
    """

    id: str
    due: float
    early: float
    reader: LogReader = field(factory=LogReader)
    status: str | None = None
    pause: float = SHORTEST
    over: bool = False
    done: bool = False

    @property
    def waits(self) -> bool:
        """Whether there is nothing to read yet (protocol notes 2.8: an empty log)."""
        return not self.over and (self.status is None or status_word(self.status) == "pending")

    def looked(self, now: float, *, news: bool) -> None:
        """Note a look: the next one is later if there was nothing new, or if looks cost much."""
        self.pause = SHORTEST if news else min(self.pause * GROWTH, LONGEST)
        costs = min(self.reader.seen / PACE, LONGEST_FOR_SIZE)
        self.due = now + max(self.pause, costs)
        self.early = now + max(self.pause * EARLY, costs)


def follow(
    ids: Ids,
    timeout: float | None,
    clock: Clock,
    *,
    raw: bool = False,
    on_change: OnChange = None,
) -> Plan[None]:
    """Plan to emit ``(id, line)`` for each line that the sessions write, until all have ended."""
    began = clock()
    end = deadline(timeout, clock)
    followed = [Followed(each, began, began) for each in session_ids(ids)]
    try:
        yield from _until_all_end(followed, began, end, clock, raw=raw, on_change=on_change)
    finally:
        for each in followed:
            each.reader.close()


def _until_all_end(
    followed: list[Followed],
    began: float,
    end: float | None,
    clock: Clock,
    *,
    raw: bool,
    on_change: OnChange,
) -> Plan[None]:
    absence = Absence(clock)
    while any(not each.done for each in followed):
        changed: list[SessionRecord] = []
        failure: CanfarError | None = None
        try:
            listed = yield from fetch()
            changed = _see(followed, listed, clock() - began)
            yield from _look(followed, clock, raw=raw)
        except CanfarError as error:
            failure = error
        if on_change is not None:
            for record in changed:
                on_change(record)
        if failure is None:
            absence.over()
        else:
            absence.bear(failure)
            logger.info("the server is away: %s", failure.message)
        # What was read before a failure is given too, and given once.
        yield from _give(followed, raw=raw)
        left = [each for each in followed if not each.done]
        if not left:
            return
        now = clock()
        if end is not None and now >= end:
            raise _late(left, followed)
        pause = max(SHORTEST, min(each.due for each in left) - now)
        if absence.lasts:
            pause = LONGEST
        yield Pause(pause if end is None else min(pause, max(0.0, end - now)))


def _see(
    followed: list[Followed], listed: SessionRecords, running_for: float
) -> list[SessionRecord]:
    """Take in what the server lists, and return what is in another state than before."""
    news: list[SessionRecord] = []
    by_id: Mapping[str, SessionRecord] = {r.id: r for r in listed if not r.app_id}
    for each in followed:
        record = by_id.get(each.id)
        if record is not None:
            each.over = has_ended(record.status)
            changed = each.status != record.status
            each.status = record.status
        else:
            # One that was just created may not be listed yet.
            gone = each.status is not None or running_for >= APPEARANCE
            changed = gone and not each.over
            each.over = gone
            record = SessionRecord(id=each.id, status=GONE)
        if changed:
            news.append(record)
            each.due, each.early, each.pause = 0.0, 0.0, SHORTEST
    return news


def _look(followed: list[Followed], clock: Clock, *, raw: bool) -> Plan[None]:
    due = _due(followed, clock())
    while due:
        later, due = due[AT_ONCE:], due[:AT_ONCE]
        before = {each.id: each.reader.seen for each in due}
        restarts = {each.id: each.reader.restarts for each in due}
        outcomes = yield from send([_call(each) for each in due])
        failed = [outcome.error for outcome in outcomes if outcome.error is not None]
        now = clock()
        for each in due:
            reader = each.reader
            if reader.restarts > restarts[each.id]:
                logger.warning("the log of %s began anew: its container was restarted", each.id)
            each.looked(now, news=reader.seen != before[each.id])
        if failed:
            raise failed[0]
        more = [each for each in due if each.reader.wants_more] + later
        for each in due:
            if each.over and not each.reader.wants_more:
                each.reader.finish()
                each.done = True
        if more:
            # Before more is read, what was read is given, so that no more than that is kept.
            yield from _give(due, raw=raw)
        due = more


def _give(followed: list[Followed], *, raw: bool) -> Plan[None]:
    for each in followed:
        for line in each.reader.take():
            yield Emit((each.id, line if raw else text_of_line(line)))


def _due(followed: list[Followed], now: float) -> list[Followed]:
    for each in followed:
        if each.waits and now >= each.early:
            each.looked(now, news=False)
    left = [each for each in followed if not each.done and not each.waits]
    if not any(each.over or now >= each.due for each in left):
        return []
    return [each for each in left if each.over or now >= each.early]


def _call(each: Followed) -> Call[None]:
    arguments = {"session_id": each.id, "view": "logs"}
    return Call(each.id, get_session, arguments, lambda _: None, into=each.reader)


def _late(left: list[Followed], followed: list[Followed]) -> WaitTimeout:
    error = WaitTimeout(
        f"{len(left)} of {len(followed)} sessions have not ended yet",
        advice="They go on; follow them again for their whole logs.",
    )
    error.results = SessionRecords(
        SessionRecord(id=each.id, status=each.status or "not seen yet") for each in followed
    )
    return error
