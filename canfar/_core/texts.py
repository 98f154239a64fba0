"""What sessions wrote, and what the platform says it did for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from skaha_client.api.sessions import get_session

from canfar._core.bulk import finish
from canfar._core.ids import Ids, session_ids
from canfar._core.steps import Call, Plan, Say, send
from canfar.models.results import Logs, SessionEvents

if TYPE_CHECKING:
    from collections.abc import Mapping


def logs(ids: Ids, *, verbose: bool, policy: str) -> Plan[Logs]:
    """Plan the logs of each session."""
    outcomes = yield from send(_requests(ids, "logs"))
    texts = {str(o.about): o.value for o in outcomes if o.value is not None}
    if verbose:
        yield Say(under_headings(texts))
    return finish(Logs(texts, operation="logs", outcomes=outcomes), policy)


def events(ids: Ids, *, verbose: bool, policy: str) -> Plan[SessionEvents]:
    """Plan the events of each session."""
    outcomes = yield from send(_requests(ids, "events"))
    texts = {str(o.about): o.value for o in outcomes if o.value is not None}
    if verbose:
        yield Say(under_headings(texts))
    each = [{session_id: text} for session_id, text in texts.items()]
    return finish(SessionEvents(each, operation="events", outcomes=outcomes), policy)


def under_headings(texts: Mapping[str, str]) -> str:
    """Return the texts below each other, each under its session's id."""
    return "\n".join(f"==> {each} <==\n{text.rstrip()}\n" for each, text in texts.items())


def _requests(ids: Ids, view: Literal["logs", "events"]) -> list[Call[str]]:
    return [
        Call(each, get_session, {"session_id": each, "view": view}, _text)
        for each in session_ids(ids)
    ]


def _text(parsed: Any) -> str:
    return str(parsed or "")
