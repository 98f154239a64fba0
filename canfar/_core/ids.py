"""Every way to name sessions, as one list of checked ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias, cast

from canfar.errors import InvalidInput

Ids: TypeAlias = str | Mapping[str, Any] | Iterable[str | Mapping[str, Any]]
"""A session id, a record from ``fetch`` or ``info``, any iterable of those, or a dict by id."""

# The server takes an id as a Kubernetes label value (protocol notes, 3.2: a fact of Skaha 1.4).
ID_RULE: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")


def session_ids(ids: Ids) -> list[str]:
    """Return the ids, each once, in the order given.

    Raises:
        InvalidInput: An id is no legal id, or it is a desktop app's record.
    """
    if isinstance(ids, str):
        return [_checked(ids)]
    if isinstance(ids, Mapping):
        by_field = cast("Mapping[str, Any]", ids)
        return [_of_record(by_field)] if "id" in by_field else session_ids(list(by_field))
    if not isinstance(ids, Iterable):
        raise InvalidInput(
            f"ids must be a session id, a record or an iterable of those, not {ids!r}"
        )
    found = (_of_record(item) if isinstance(item, Mapping) else _checked(item) for item in ids)
    return list(dict.fromkeys(found))


def _of_record(record: Mapping[str, Any]) -> str:
    if "id" not in record:
        raise InvalidInput(
            f"this record has no id: {dict(record)!r}; "
            "records of other users' sessions (view='all') cannot be addressed"
        )
    if record.get("appid") not in (None, "", "<none>"):
        # Its id is that of the desktop: acting on it would act on the desktop.
        raise InvalidInput(
            f"{record['appid']!r} is a desktop app of session {record['id']!r}, not a session; "
            "give the id of the session itself"
        )
    return _checked(record["id"])


def _checked(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"a session id must be a string, not {value!r}")
    if not ID_RULE.fullmatch(value):
        raise InvalidInput(
            f"{value!r} is not a session id: ids are up to 63 letters, digits, '-', '_' and '.', "
            "beginning and ending with a letter or digit"
        )
    return value
