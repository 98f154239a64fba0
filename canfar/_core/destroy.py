"""Destroy sessions, by id or by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skaha_client.api.sessions import delete_session

from canfar._core.bulk import finish
from canfar._core.fetch import fetch
from canfar._core.filters import name_filter
from canfar._core.ids import Ids, session_ids
from canfar._core.steps import Call, Plan, send
from canfar.models.results import Destroyed
from canfar.models.session import SessionRecords

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable


def destroy(ids: Ids, policy: str, operation: str = "destroy") -> Plan[Destroyed]:
    """Plan a DELETE for each session."""
    calls = [
        Call(each, delete_session, {"session_id": each}, lambda _: True)
        for each in session_ids(ids)
    ]
    outcomes = yield from send(calls)
    done = {str(outcome.about): outcome.ok for outcome in outcomes}
    return finish(Destroyed(done, operation=operation, outcomes=outcomes), policy)


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
    return SessionRecords(record for record in found if matches(record.name))


def destroy_with(
    prefix: str | re.Pattern[str],
    kind: str | Iterable[str] | None,
    status: str | Iterable[str] | None,
    *,
    regex: bool,
    dry_run: bool,
    policy: str,
) -> Plan[Destroyed | SessionRecords]:
    """Plan to destroy the sessions that are meant, or just to say which they are."""
    found = yield from named(prefix, kind, status, regex=regex)
    if dry_run:
        return found
    return (yield from destroy([r for r in found if not r.app_id], policy, "destroy_with"))
