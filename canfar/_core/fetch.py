"""List sessions, with the filters the server has and those it has not."""

from __future__ import annotations

import json
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, cast

from attrs import evolve, frozen
from skaha_client.api.sessions import list_sessions

from canfar._core import filters
from canfar._core.steps import Call, Plan, Reply, send_one
from canfar.models.session import SessionRecord, SessionRecords
from canfar.models.status import status_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from canfar._core.recent import Recent
    from canfar.models.types import View


MARK: Final = re.compile(rb'"(?:id|status)"\s*:\s*"(?:[^"\\]|\\.)*"')
"""Who a session is and how it is, in JSON; within a string all quotes are escaped."""


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
    found: SessionRecords = yield from send_one(listing(arguments))
    if recent is not None and not arguments:
        recent.listed(found)
    if not kinds and not statuses:
        return found
    return SessionRecords(
        (
            record
            for record in found
            if (not kinds or record.kind in kinds)
            and (not statuses or status_word(record.status) in statuses)
        ),
        at=found.at,
    )


@frozen
class Look:
    """What the server listed: for who looks often, while little changes.

    Attributes:
        at: When the server said so, by its own clock.
        sessions: Each session's fields, by the server's names; those of desktop apps left out.
            None when no session came, went or changed its status since the look before.
        marks: What tells the next look that; None where nothing does.
        body: The reply, where ``sessions`` is None.
    """

    at: datetime | None
    sessions: list[dict[str, Any]] | None
    marks: list[bytes] | None
    body: bytes = b""


def look(marks: list[bytes] | None) -> Plan[Look]:
    """Plan one list call, of whose reply most is left unread if these are its marks again."""

    def read(body: bytes) -> Look:
        found = MARK.findall(body)
        if found == marks:
            return Look(None, None, found, body)
        return Look(None, without_apps(_sessions(body)), found)

    looked: Look = yield from send_one(Call(None, list_sessions, {}, _dated, read=read))
    return looked


def _dated(reply: Reply) -> Look:
    at, found = server_time(reply), reply.parsed
    if isinstance(found, Look):
        return evolve(found, at=at)
    return Look(at, without_apps([item.to_dict() for item in found]), None)


def without_apps(sessions: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out desktop apps, whose ids are those of their desktops."""
    return [each for each in sessions if "appid" not in each or SessionRecord(each).app_id is None]


def listing(
    arguments: Mapping[str, Any] | None = None, settle: Callable[[Reply], Any] | None = None
) -> Call[Any]:
    """Return the request for a list of sessions."""
    arguments = arguments or {}
    read = None if arguments.get("view") == "all" else quick_records
    return Call(None, list_sessions, arguments, settle or records, read=read)


def records(reply: Reply) -> SessionRecords:
    """Return the records that a list holds, and when the server said so."""
    items = reply.parsed
    if not isinstance(items, SessionRecords):
        items = SessionRecords(item.to_dict() for item in items)
    items.at = server_time(reply)
    return items


def quick_records(body: bytes) -> SessionRecords:
    """Read a list without its models, which take most of the time of a list of a thousand.

    Raises:
        TypeError: It is no list of sessions.
        ValueError: It is no JSON.
    """
    return SessionRecords(_sessions(body))


def _sessions(body: bytes) -> list[dict[str, Any]]:
    items = json.loads(body)
    if not isinstance(items, list):
        raise TypeError
    sessions = cast("list[dict[str, Any]]", items)
    texts = (each[key] for key in ("id", "status") for each in sessions)
    try:
        if not {*map(type, texts)} <= {str}:
            raise TypeError
    except KeyError:
        raise TypeError from None
    return sessions


def server_time(reply: Reply) -> datetime | None:
    """Return the time at the server when it replied, if it said so."""
    try:
        said = parsedate_to_datetime(reply.headers.get("date", ""))
    except ValueError:
        return None
    return said if said.tzinfo else said.replace(tzinfo=UTC)
