"""The apps of a desktop: which it shows, starting one, ending one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from skaha_client.api.desktop_apps import (
    attach_desktop_app,
    delete_desktop_app,
    list_desktop_apps,
)
from skaha_client.models.attach_desktop_app_body import AttachDesktopAppBody

from canfar._core.fetch import records
from canfar._core.ids import session_ids
from canfar._core.replicas import full_image, resource
from canfar._core.steps import Call, Plan, Reply, send_one
from canfar.errors import BadReply, InvalidInput
from canfar.models.session import SessionRecord, SessionRecords

if TYPE_CHECKING:
    from collections.abc import Mapping

APP_RULE: Final = re.compile(r"[A-Za-z0-9]{1,63}")


def apps(desktop: str | Mapping[str, Any]) -> Plan[SessionRecords]:
    """Plan the list of a desktop's apps."""
    session_id = _one(desktop)
    call = Call(session_id, list_desktop_apps, {"session_id": session_id}, records)
    listed = yield from send_one(call)
    # Those of one's other desktops are listed too (protocol notes 1.10, a fact of Skaha 1.4).
    return SessionRecords(record for record in listed if record.id == session_id)


def attach(
    desktop: str | Mapping[str, Any], image: str, cores: float | None, ram: float | None
) -> Plan[str]:
    """Plan to start an app in a desktop; the value is its id."""
    given = {"cores": resource("cores", cores, "CPU cores"), "ram": resource("ram", ram, "GB")}
    resources = {name: value for name, value in given.items() if value is not None}
    body = AttachDesktopAppBody(image=full_image(image), **resources)
    arguments = {"session_id": _one(desktop), "body": body}
    # Sending it twice would start two.
    call = Call(_one(desktop), attach_desktop_app, arguments, _app_id, repeatable=False)
    return (yield from send_one(call))


def detach(desktop: str | Mapping[str, Any], app: str | Mapping[str, Any]) -> Plan[bool]:
    """Plan to end an app; the value is whether the desktop showed it before."""
    session_id, app_id = _one(desktop), _app(app)
    before = yield from apps(session_id)
    there = any(record.app_id == app_id for record in before)
    if there:
        arguments = {"session_id": session_id, "app_id": app_id}
        yield from send_one(Call(session_id, delete_desktop_app, arguments, lambda _: True))
    return there


def _one(desktop: str | Mapping[str, Any]) -> str:
    found = session_ids(desktop)
    if len(found) != 1:
        raise InvalidInput(f"one desktop has apps, and these are {len(found)}")
    return found[0]


def _app(app: str | Mapping[str, Any]) -> str:
    value = app if isinstance(app, str) else SessionRecord(app).app_id
    if not isinstance(value, str) or not APP_RULE.fullmatch(value):
        raise InvalidInput(f"{value!r} is no app's id; apps(desktop) lists them")
    return value


def _app_id(reply: Reply) -> str:
    found = str(reply.parsed or "").strip()
    if not APP_RULE.fullmatch(found):
        raise BadReply(f"the server did not say the app's id: {found[:100]!r}")
    return found
