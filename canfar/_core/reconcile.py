"""After a lost reply: find out whether the session was started, by its name and what was there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from attrs import frozen

from canfar._core.fetch import listing, records
from canfar._core.steps import Pause, Plan, Reply, send_one
from canfar.errors import BadReply, CanfarError, ConnectionLost, MayExist, TimedOut
from canfar.models.outcome import Outcome
from canfar.models.session import SessionRecord, SessionRecords

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from canfar._core.recent import Snapshot
    from canfar._core.replicas import Replica
    from canfar._core.steps import Clock
    from canfar.retry import RetryPolicy

GATEWAY: Final = frozenset({502, 504})
"""Statuses by which something between us and the server says that it got no reply either."""

MARGIN: Final = timedelta(seconds=2)
"""How far a session's time of start and ours may be apart: servers round to seconds."""

FIRST_PAUSE: Final = 0.1
PAUSE_GROWTH: Final = 1.5
LONGEST_PAUSE: Final = 2.0


@frozen
class Lost:
    """A replica whose reply was lost.

    Attributes:
        replica: What was sent.
        began: The clock's time at which it was.
        until: The clock's time after which the server would list it if it was started.
        error: How the reply was lost.
    """

    replica: Replica
    began: float
    until: float
    error: CanfarError


def is_lost(error: CanfarError | None) -> bool:
    """Whether a create that ended like this may have started a session all the same."""
    if isinstance(error, ConnectionLost | TimedOut | BadReply):
        return True
    return error is not None and error.status_code in GATEWAY


def patience(error: CanfarError, retry: RetryPolicy) -> float:
    """Return the seconds within which the server would list what it has started."""
    # A server that did not answer in time may still be at work on it.
    return retry.slow_create if isinstance(error, TimedOut) else retry.listed_within


def reconcile(
    lost: Sequence[Lost], known: Collection[str], before: Snapshot | None, clock: Clock
) -> Plan[tuple[list[Outcome[str]], list[int]]]:
    """Plan to look for lost replicas until each is found or could not be missing any more.

    The value is the outcomes that stand, and the replicas that the server shows were not started.
    """
    settled: list[Outcome[str]] = []
    absent: list[int] = []
    left = list(lost)
    pause = FIRST_PAUSE
    while left:
        try:
            listed, server_now = yield from send_one(listing(settle=_dated))
        except CanfarError as error:
            if error.systemic:
                raise
            settled += [_undecided(each, SessionRecords()) for each in left]
            break
        now = clock()
        taken = {*known, *(str(o.value) for o in settled)}
        for each in list(left):
            sent = server_now - timedelta(seconds=now - each.began)
            verdict = judge(each, listed, taken, before, sent)
            if verdict is None and now < each.until:
                continue
            left.remove(each)
            if verdict is None:
                absent.append(each.replica.number)
            else:
                settled.append(verdict)
        if left:
            yield Pause(pause)
            pause = min(pause * PAUSE_GROWTH, LONGEST_PAUSE)
    return settled, absent


def judge(
    lost: Lost,
    listed: Sequence[SessionRecord],
    taken: Collection[str],
    before: Snapshot | None,
    sent: datetime,
) -> Outcome[str] | None:
    """Return the replica's outcome by the sessions there are, None when it is not among them.

    Args:
        lost: The replica.
        listed: The sessions there are now.
        taken: Those that are known to be other replicas.
        before: The sessions there were when the call began. Whatever was there before the request
            was sent is other work of the same name, and never adopted.
        sent: When the request was sent, by the server's clock.
    """
    alike = [
        record
        for record in listed
        if record.name == lost.replica.name.lower()
        and record.kind == lost.replica.kind
        and record.id not in taken
    ]
    verdicts = [(record, is_new(record, lost.began, before, sent)) for record in alike]
    candidates = SessionRecords(record for record, new in verdicts if new is not False)
    if not candidates:
        return None
    if len(candidates) == 1 and (candidates[0], True) in verdicts:
        return Outcome(lost.replica.number, candidates[0].id)
    return _undecided(lost, candidates)


def is_new(
    record: SessionRecord, began: float, before: Snapshot | None, sent: datetime
) -> bool | None:
    """Whether a session was started since the request was sent; None when that cannot be told."""
    if before is None:
        return None
    then = before.records.get(record.id)
    if then is None:
        # Somebody else may have started it since the list was read. Should that be by a clock that
        # is wrong, it is ours, so this is no reason to send the request again.
        started = record.start_time
        return True if started is None or started >= sent - MARGIN else None
    if before.at <= began:
        return False
    # The list was read while the request was under way: what had started by then tells by its time,
    # what was still queued cannot.
    started = then.start_time
    return None if started is None else started >= sent - MARGIN


def _undecided(lost: Lost, candidates: SessionRecords) -> Outcome[str]:
    return Outcome(lost.replica.number, error=may_exist(lost, candidates))


def may_exist(lost: Lost, candidates: SessionRecords) -> MayExist:
    """Return the error for a replica of which it cannot be told whether it was started."""
    name = lost.replica.name
    if candidates:
        what = f"it may be one of these sessions called {name}: {', '.join(candidates.ids)}"
    else:
        what = f"a session called {name} may exist"
    error = MayExist(
        f"the reply was lost ({lost.error.message}); {what}",
        about=lost.replica.number,
        advice="info() and fetch() show them; start the replica again only if it is none of them.",
    )
    error.candidates = candidates
    return error


def _dated(reply: Reply) -> tuple[SessionRecords, datetime]:
    # The server's own clock is what times of start are read from.
    found = records(reply)
    return found, found.at or datetime.now(UTC)
