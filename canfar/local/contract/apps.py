"""Desktop apps: ``/session/{id}/app`` (sections 1.5 and 1.10)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from canfar.local.contract import lifecycle, resources
from canfar.local.contract.delete_session import end
from canfar.local.contract.labels import check_label
from canfar.local.contract.list_sessions import list_reply, listed
from canfar.local.contract.messages import Reply
from canfar.local.contract.own_session import own_apps, own_session
from canfar.local.contract.problems import BadRequestError, NotFoundError
from canfar.local.contract.session import Session
from canfar.local.contract.session_json import full_fields, pretty_object

if TYPE_CHECKING:
    from canfar.local.contract.world import Call

__all__ = ["attach_app", "delete_app", "delete_apps", "get_app", "list_apps", "modify_app"]

_NOTICE: Final = "canfar.local runs no images: this desktop app is only a name.\n"


def attach_app(call: Call, session_id: str) -> Reply:
    """Attach an app to a desktop. The image's registry isn't checked.

    Args:
        call: The call.
        session_id: The desktop's ID.

    Raises:
        BadRequestError: No image, or resources that aren't on offer.
        NotFoundError: The caller has no such desktop that has begun and not ended.
    """
    image = _read_image(call)
    context, generation = call.world.settings.context, call.world.settings.generation
    cores = resources.read_cores(call.parameters.first("cores"), context, generation)
    ram = resources.read_ram(call.parameters.first("ram"), context, generation)
    desktop = own_session(call, session_id)
    if desktop is None or desktop.kind != "desktop" or not lifecycle.active(desktop):
        raise NotFoundError(f"session {session_id} not found")
    taken = {app.app_id for app in call.world.store if app.app_id is not None}
    app = Session(
        id=desktop.id,
        app_id=call.world.ids.app_id(taken),
        owner=desktop.owner,
        uid=desktop.uid,
        groups=desktop.groups,
        image=image,
        kind="desktop-app",
        name=re.sub("[:._]", "-", image.rpartition("/")[2]).lower(),
        resources=resources.desktop_app_resources(cores, ram, context, generation),
        created_at=call.now,
        deadline=lifecycle.deadline("desktop-app", call.world.settings),
        started_at=call.now,
        ready_at=call.now,
        notice=_NOTICE,
    )
    call.world.store.put(app)
    return Reply(200, "text/plain", f"{app.app_id}\n".encode())


def modify_app(call: Call) -> Reply:
    """Refuse to change an app.

    Args:
        call: The call.

    Raises:
        BadRequestError: Always.
    """
    _read_image(call)
    raise BadRequestError("Cannot modify an existing app.")


def list_apps(call: Call) -> Reply:
    """List every app of the caller's: the desktop's ID in the path is never looked at.

    Args:
        call: The call.
    """
    return list_reply(call, [one for one in listed(call) if one.app_id is not None])


def get_app(call: Call, session_id: str, app_id: str) -> Reply:
    """Show an app.

    Args:
        call: The call.
        session_id: The desktop's ID.
        app_id: The app's ID.

    Raises:
        NotFoundError: The caller's desktop has no such app.
    """
    app = _own_app(call, session_id, app_id)
    if app is None:
        raise NotFoundError(
            f"desktop app with session {session_id} and app ID {app_id} was not found"
        )
    text = pretty_object(full_fields(app, call.world.settings, call.now))
    return Reply(200, "application/json", text.encode())


def delete_apps(_call: Call) -> Reply:
    """Refuse to delete without an app ID.

    Raises:
        BadRequestError: Always.
    """
    raise BadRequestError("Missing app ID")


def delete_app(call: Call, session_id: str, app_id: str) -> Reply:
    """Delete an app; one that isn't there changes nothing.

    Args:
        call: The call.
        session_id: The desktop's ID.
        app_id: The app's ID.

    Raises:
        BadRequestError: An ID that can't be the value of a label.
    """
    app = _own_app(call, session_id, app_id)
    if app is not None:
        end(call, app)
    return Reply(200)


def _own_app(call: Call, session_id: str, app_id: str) -> Session | None:
    check_label("canfar.net/id", session_id)
    check_label("canfar.net/appid", app_id)
    return next((app for app in own_apps(call, session_id) if app.app_id == app_id), None)


def _read_image(call: Call) -> str:
    image = call.parameters.first("image")
    if image is None:
        raise BadRequestError("Missing parameter 'image'")
    return image
