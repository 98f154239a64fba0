"""Destroy sessions, by id or by name, and make sure that they are gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from skaha_client.api.sessions import delete_session

from canfar._core.bulk import Tally, carrying, finish
from canfar._core.fetch import fetch
from canfar._core.filters import name_filter
from canfar._core.ids import Ids, session_ids
from canfar._core.steps import Call, OnOutcome, Plan, Requests
from canfar.errors import NotFound, SessionFailed
from canfar.models.outcome import Outcome
from canfar.models.results import Destroyed
from canfar.models.session import SessionRecords
from canfar.models.status import status_word

if TYPE_CHECKING:
    import re
    from collections.abc import Container, Iterable, Sequence

    from canfar._core.recent import Recent

TIMES: Final = 2
"""How often a session is told to end before it is said not to."""


def destroy(
    ids: Ids,
    policy: str,
    recent: Recent,
    on_outcome: OnOutcome | None = None,
    operation: str = "destroy",
    over: Container[object] = (),
) -> Plan[Destroyed]:
    """Plan a DELETE for each session there is, and to look whether it worked.

    Those of ``over`` are known to have ended: it is no failure if they are not there any more.

    The server says 200 to the deletion of anything, and swallows what goes wrong with it (protocol
    notes 1.11, a fact of Skaha 1.4). Only its list tells what was there and what still is.
    """
    tally: Tally[bool] = Tally(session_ids(ids), on_outcome)
    with carrying(lambda: _shape(tally, operation)):
        yield from _destroy(tally, recent, over)
    return finish(_shape(tally, operation), policy)


def _destroy(tally: Tally[bool], recent: Recent, over: Container[object]) -> Plan[None]:
    if not tally.items:
        return
    there = yield from _there(tally.items, recent)
    for each in tally.items:
        if each not in there and each not in over:
            tally.settle(Outcome(each, error=_never_there(str(each))))
    left = [str(each) for each in tally.items if each in there]
    for _ in range(TIMES):
        requests: Requests[bool] = Requests([_request(each) for each in left])
        if left:
            yield requests
            requests.raise_if_hopeless()
            # Older servers list what is being ended until it has ended (protocol notes 9).
            listed = yield from fetch(recent=recent)
            there = {r.id for r in listed if status_word(r.status) != "terminating"}
        for outcome in requests.outcomes:
            _look_at(outcome, tally, there)
        left = [each for each in left if each not in tally.known]
    for each in left:
        tally.settle(Outcome(each, error=_still_there(each)))
    recent.ended(str(outcome.about) for outcome in tally.outcomes if outcome.ok)


def _there(ids: Sequence[str | int], recent: Recent) -> Plan[set[str]]:
    """Plan to know which sessions there are, by a list that is recent enough if it has them all."""
    seen = recent.snapshot()
    if seen is not None and all(each in seen.records for each in ids):
        return set(seen.records)
    return set((yield from fetch(recent=recent)).ids)


def _look_at(outcome: Outcome[bool], tally: Tally[bool], there: Container[object]) -> None:
    # Gone is gone, whatever the reply was: an error may hide that it worked.
    if outcome.about not in there:
        tally.settle(Outcome(outcome.about, value=True))
    elif outcome.error is not None:
        tally.settle(outcome)


def _request(session_id: str) -> Call[bool]:
    return Call(session_id, delete_session, {"session_id": session_id}, lambda _: True)


def _never_there(session_id: str) -> NotFound:
    return NotFound(f"there is no session {session_id} of yours", about=session_id)


def _still_there(session_id: str) -> SessionFailed:
    return SessionFailed(
        f"the server was told {TIMES} times to end the session and still lists it",
        about=session_id,
        advice="Try again in a minute; events() may say what holds it.",
    )


def _shape(tally: Tally[bool], operation: str) -> Destroyed:
    done = {str(outcome.about): outcome.ok for outcome in tally.outcomes}
    return Destroyed(done, operation=operation, outcomes=tally.outcomes)


def named(
    prefix: str | re.Pattern[str],
    kind: str | Iterable[str] | None,
    status: str | Iterable[str] | None,
    *,
    regex: bool,
) -> Plan[SessionRecords]:
    """Plan to find the sessions whose names, kinds and statuses are meant."""
    matches = name_filter(prefix, regex=regex)
    found = yield from fetch(kind, status)
    return SessionRecords(
        (record for record in found if matches(record.name) and not record.app_id), at=found.at
    )


def destroy_with(
    prefix: str | re.Pattern[str],
    kind: str | Iterable[str] | None,
    status: str | Iterable[str] | None,
    *,
    regex: bool,
    dry_run: bool,
    policy: str,
    recent: Recent,
    on_outcome: OnOutcome | None = None,
) -> Plan[Destroyed | SessionRecords]:
    """Plan to destroy the sessions that are meant, or just to say which they are."""
    found = yield from named(prefix, kind, status, regex=regex)
    if dry_run:
        return found
    return (yield from destroy(found, policy, recent, on_outcome, "destroy_with"))
