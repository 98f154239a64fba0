"""Sessions as text and back, whatever fields they have."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from attrs import fields

from canfar.local.contract.resources import Resources
from canfar.local.contract.session import Event, Session

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["from_text", "to_text"]

_CLASSES: Final[dict[str, Callable[..., object]]] = {
    kind.__name__: kind for kind in (Session, Event, Resources)
}


def to_text(session: Session) -> str:
    """A session as JSON.

    Args:
        session: The session.
    """
    return json.dumps(session, default=_plain, separators=(",", ":"), ensure_ascii=False)


def from_text(text: str) -> Session:
    """A session from its JSON.

    Args:
        text: What :func:`to_text` made.

    Raises:
        ValueError: It is no session, or one with fields that aren't known here.
    """
    try:
        session = json.loads(text, object_hook=_rich)
    except (TypeError, KeyError) as error:
        raise ValueError(f"a session of another version: {error}") from error
    if not isinstance(session, Session):
        raise ValueError("this is no session")  # noqa: TRY004 - the text is wrong, not its type
    return session


def _plain(value: object) -> dict[str, object]:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    if not isinstance(value, Session | Event | Resources):
        raise TypeError(f"{type(value).__name__} can't be kept")
    kind = type(value)
    plain: dict[str, object] = {one.name: getattr(value, one.name) for one in fields(kind)}
    return {"is": kind.__name__, **plain}


def _rich(value: dict[str, Any]) -> object:
    if "at" in value and len(value) == 1:
        return datetime.fromisoformat(value["at"])
    if "seconds" in value and len(value) == 1:
        return timedelta(seconds=value["seconds"])
    # A tuple is a list in JSON, and there are no lists in these classes.
    given = {name: _unlisted(one) for name, one in value.items()}
    return _CLASSES[str(given.pop("is"))](**given)


def _unlisted(value: object) -> object:
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value
