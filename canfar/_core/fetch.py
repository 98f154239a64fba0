"""List sessions, with the filters the server has and those it has not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from skaha_client.api.sessions import list_sessions

from canfar._core import filters
from canfar._core.steps import Call, Plan, Reply, send_one
from canfar.models.session import SessionRecords

if TYPE_CHECKING:
    from collections.abc import Iterable

    from canfar._core.recent import Recent
    from canfar.models.types import View


def fetch(
    kind: str | Iterable[str] | None = None,
    status: str | Iterable[str] | None = None,
    view: View | None = None,
    *,
    recent: Recent | None = None,
) -> Plan[SessionRecords]:
    """Plan one list call, and keep what the filters mean; note a whole list as recent."""
    kinds = filters.kinds(kind)
    statuses = filters.statuses(status)
    shown = None if view is None else filters.one_of("view", view, ("all", "interactive"))
    arguments: dict[str, Any] = {}
    if shown is not None:
        arguments["view"] = shown
    # One kind or one status is the server's work; its filters take no lists, and a status with two
    # names is only matched by the name that this server uses (protocol notes, 1.8 and 9).
    if len(kinds) == 1 and shown != "interactive":
        arguments["type_"] = kinds[0]
    if len(statuses) == 1:
        arguments["status"] = statuses[0].capitalize()
    found = yield from send_one(Call(None, list_sessions, arguments, records))
    if recent is not None and not arguments:
        recent.listed(found)
    return SessionRecords(
        record
        for record in found
        if (not kinds or record.kind in kinds)
        and (not statuses or filters.status_word(record.status) in statuses)
    )


def records(reply: Reply) -> SessionRecords:
    """Return the records that a list holds."""
    return SessionRecords(item.to_dict() for item in reply.parsed)
