"""Inspect sessions with as few requests as the server allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skaha_client.api.sessions import get_session

from canfar._core.bulk import finish
from canfar._core.fetch import fetch
from canfar._core.ids import Ids, session_ids
from canfar._core.steps import Call, Outcome, Plan, send
from canfar.models.results import SessionInfo
from canfar.models.session import SessionRecord

if TYPE_CHECKING:
    from collections.abc import Sequence


def info(ids: Ids, policy: str) -> Plan[SessionInfo]:
    """Plan the record of each session."""
    wanted = session_ids(ids)
    outcomes = yield from records_of(wanted)
    found = [outcome.value for outcome in outcomes if outcome.value is not None]
    return finish(SessionInfo(found, outcomes=outcomes), policy)


def records_of(ids: Sequence[str]) -> Plan[list[Outcome[SessionRecord]]]:
    """Plan one list call for many ids, and one request for each that the list does not have.

    The list holds the same records as the single requests, of all the user's sessions
    (protocol notes, 1.8 and 2.2: a fact of Skaha 1.4).
    """
    known: dict[str, SessionRecord] = {}
    if len(ids) > 1:
        listed = yield from fetch()
        known = {record.id: record for record in listed}
    missing = [session_id for session_id in ids if session_id not in known]
    settled = yield from send([request(session_id) for session_id in missing])
    by_id = {outcome.about: outcome for outcome in settled}
    return [by_id.get(each) or Outcome(each, known[each]) for each in ids]


def request(session_id: str) -> Call[SessionRecord]:
    """Return the request for one session's record."""
    return Call(session_id, get_session, {"session_id": session_id}, record)


def record(parsed: Any) -> SessionRecord:
    """Return the record that a parsed session holds."""
    return SessionRecord(parsed.to_dict())
