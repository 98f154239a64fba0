"""A batch as text, to keep what the server forgets."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from attrs import asdict, evolve

from canfar._core.batch.roster import Ending, Roster
from canfar._secrets import hide
from canfar.errors import InvalidInput
from canfar.models.failure import Failure
from canfar.models.session import CreateRequest, SessionRecords

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["from_json", "to_json"]

VERSION: Final = 1


def to_json(roster: Roster, *, secrets: bool) -> str:
    """Return a batch as text; values of the environment only when asked for."""
    request = None if roster.request is None else asdict(roster.request)
    if request is not None and request["env"] is not None:
        env = cast("Mapping[str, Any]", request["env"])
        request["env"] = dict(env) if secrets else dict.fromkeys(env)
    document = {
        "canfar_batch": VERSION,
        "name": roster.name,
        "count": roster.count,
        "request": request,
        "attempts": {str(number): ids for number, ids in roster.attempts.items()},
        "errors": {str(number): text for number, text in roster.errors.items()},
        "records": [dict(record) for record in roster.records.values()],
        "submitted": _texts(roster.submitted),
        "looked": roster.looked and roster.looked.isoformat(),
        "ended": _texts(roster.ended),
        "doubts": {str(n): asked.isoformat() for n, asked in roster.doubts.items()},
        "endings": {
            each: asdict(ending if secrets else _without_logs(ending, roster))
            for each, ending in roster.endings.items()
        },
    }
    return json.dumps(document, indent=1, ensure_ascii=False)


def _without_logs(ending: Ending, roster: Roster) -> Ending:
    # Programs print what they were given, secrets too.
    env = (roster.request and roster.request.env) or {}
    evidence = hide(ending.failure.evidence, map(str, env.values()))
    return Ending(failure=evolve(ending.failure, evidence=evidence))


def from_json(text: str, env: Mapping[str, str | float] | None) -> Roster:
    """Return the batch that a text holds.

    Raises:
        InvalidInput: It holds none.
    """
    try:
        document = json.loads(text)
        if document["canfar_batch"] != VERSION:
            raise InvalidInput(
                f"this batch has version {document['canfar_batch']!r}, not {VERSION}"
            )
        fields = document["request"]
        records = SessionRecords(document["records"])
        roster = Roster(
            name=document["name"],
            count=int(document["count"]),
            request=None if fields is None else CreateRequest(**fields),
            attempts={
                int(n): [str(each) for each in ids] for n, ids in document["attempts"].items()
            },
            errors={int(n): str(text) for n, text in document["errors"].items()},
            records={record.id: record for record in records},
            submitted=_times(document["submitted"]),
            looked=document["looked"] and datetime.fromisoformat(document["looked"]),
            ended=_times(document["ended"]),
            doubts={int(n): asked for n, asked in _times(document["doubts"]).items()},
            endings={
                each: Ending(
                    failure=Failure(**ending["failure"]),
                    log_tail=ending["log_tail"],
                    events=ending["events"],
                )
                for each, ending in document["endings"].items()
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(f"this text holds no batch: {error}") from None
    if env is not None and roster.request is not None:
        roster.request = evolve(roster.request, env=env)
    return roster


def _texts(times: Mapping[str, datetime]) -> dict[str, str]:
    return {each: moment.isoformat() for each, moment in times.items()}


def _times(texts: Mapping[str, str]) -> dict[str, datetime]:
    return {each: datetime.fromisoformat(text) for each, text in texts.items()}
