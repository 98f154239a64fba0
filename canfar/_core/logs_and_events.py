"""What sessions wrote, and what the platform says it did for them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from skaha_client.api.sessions import get_session

from canfar._core.bulk import Tally, carrying, finish
from canfar._core.ids import Ids, session_ids
from canfar._core.steps import Call, OnOutcome, Plan, Reply, Say
from canfar.models.results import Logs, SavedLogs, SessionEvents

if TYPE_CHECKING:
    from collections.abc import Mapping


def logs(
    ids: Ids, *, verbose: bool, policy: str, on_outcome: OnOutcome | None = None
) -> Plan[Logs]:
    """Plan the logs of each session."""
    tally: Tally[str] = Tally(session_ids(ids), on_outcome)
    with carrying(lambda: _logs(tally)):
        yield from tally.send([_request(str(each), "logs") for each in tally.items])
    result = _logs(tally)
    if verbose:
        yield Say(under_headings(result))
    return finish(result, policy)


def events(
    ids: Ids, *, verbose: bool, policy: str, on_outcome: OnOutcome | None = None
) -> Plan[SessionEvents]:
    """Plan the events of each session."""
    tally: Tally[str] = Tally(session_ids(ids), on_outcome)
    with carrying(lambda: _events(tally)):
        yield from tally.send([_request(str(each), "events") for each in tally.items])
    result = _events(tally)
    if verbose:
        yield Say(under_headings(_by_id(tally)))
    return finish(result, policy)


def download_logs(
    ids: Ids, folder: str | Path, *, policy: str, on_outcome: OnOutcome | None = None
) -> Plan[SavedLogs]:
    """Plan to write the logs of each session to a file, however long they are."""
    tally: Tally[Path] = Tally(session_ids(ids), on_outcome)
    place = Path(folder).expanduser()
    place.mkdir(parents=True, exist_ok=True)
    with carrying(lambda: _saved(tally)):
        yield from tally.send([_download(str(each), place / f"{each}.log") for each in tally.items])
    return finish(_saved(tally), policy)


def under_headings(texts: Mapping[str, str]) -> str:
    """Return the texts below each other, each under its session's id."""
    return "\n".join(f"==> {each} <==\n{text.rstrip()}\n" for each, text in texts.items())


def _request(session_id: str, view: Literal["logs", "events"]) -> Call[str]:
    return Call(session_id, get_session, {"session_id": session_id, "view": view}, _text)


def _download(session_id: str, path: Path) -> Call[Path]:
    arguments = {"session_id": session_id, "view": "logs"}
    return Call(session_id, get_session, arguments, lambda _: path, into=path)


def _text(reply: Reply) -> str:
    return str(reply.parsed or "")


def _by_id(tally: Tally[Any]) -> dict[str, Any]:
    return {str(each): value for each, value in tally.values.items()}


def _logs(tally: Tally[str]) -> Logs:
    return Logs(_by_id(tally), operation="logs", outcomes=tally.outcomes)


def _events(tally: Tally[str]) -> SessionEvents:
    each = [{session_id: text} for session_id, text in _by_id(tally).items()]
    return SessionEvents(each, operation="events", outcomes=tally.outcomes)


def _saved(tally: Tally[Path]) -> SavedLogs:
    return SavedLogs(_by_id(tally), operation="download_logs", outcomes=tally.outcomes)
