"""Inspect sessions with as few requests as the server allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skaha_client.api.sessions import get_session

from canfar._core.bulk import Tally, carrying, finish
from canfar._core.fetch import fetch
from canfar._core.ids import Ids, session_ids
from canfar._core.steps import Call, OnOutcome, Plan, Reply
from canfar.models.outcome import Outcome
from canfar.models.results import SessionInfo
from canfar.models.session import SessionRecord

if TYPE_CHECKING:
    from canfar._core.recent import Recent


def info(
    ids: Ids, policy: str, recent: Recent, on_outcome: OnOutcome | None = None
) -> Plan[SessionInfo]:
    """Plan the record of each session.

    One list call for many ids, and one request for each that the list does not have: the list holds
    the same records as the single requests, of all the user's sessions (protocol notes 1.8 and 2.2,
    facts of Skaha 1.4).
    """
    tally: Tally[SessionRecord] = Tally(session_ids(ids), on_outcome)
    with carrying(lambda: _shape(tally)):
        if len(tally.items) > 1:
            listed = {record.id: record for record in (yield from fetch(recent=recent))}
            for each in tally.items:
                if each in listed:
                    tally.settle(Outcome(each, listed[str(each)]))
        missing = [str(each) for each in tally.items if each not in tally.known]
        yield from tally.send([request(each) for each in missing])
    return finish(_shape(tally), policy)


def _shape(tally: Tally[SessionRecord]) -> SessionInfo:
    return SessionInfo(tally.values.values(), outcomes=tally.outcomes)


def request(session_id: str) -> Call[SessionRecord]:
    """Return the request for one session's record."""
    return Call(session_id, get_session, {"session_id": session_id}, _record)


def _record(reply: Reply) -> SessionRecord:
    return SessionRecord(reply.parsed.to_dict())
