"""The front door: any request in, its reply out (section 1.3 for the order of the layers)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import evolve

from canfar.local.contract import (
    apps,
    authentication,
    availability,
    capabilities,
    context,
    create_session,
    delete_session,
    get_session,
    images,
    lifecycle,
    list_sessions,
    pages,
    renew_session,
    repository,
    routing,
)
from canfar.local.contract.messages import Reply
from canfar.local.contract.parameters import read_parameters
from canfar.local.contract.problems import (
    BadCredentialsError,
    ForbiddenError,
    ProblemError,
    UnavailableError,
    html_page,
)
from canfar.local.contract.world import Call

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from canfar.local.contract.messages import Request
    from canfar.local.contract.settings import User
    from canfar.local.contract.world import World

__all__ = ["SERVER", "handle"]

SERVER: Final = "OpenCADC/cadc-rest (canfar.local)"
"""What every reply says it comes from, so that nobody takes it for the real one."""

_HTTP_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")


def handle(request: Request, world: World) -> Reply:
    """Answer a request.

    Args:
        request: The request.
        world: The platform that it is asked of; what the request changes is changed in it.

    Example:
        ``handle(Request("GET", "/skaha/availability"), world).status`` is 200.
    """
    with world.lock:
        now = world.now()
        lifecycle.settle(world, now)
        if pages.is_page(request.path):
            reply = pages.session_page(request, world, now)
        else:
            reply = _service(request, world, now)
    return evolve(reply, headers=(("server", SERVER), *reply.headers))


def _service(request: Request, world: World, now: datetime) -> Reply:
    if "%2f" in request.path.lower():
        return html_page(400, "Bad Request")
    route = routing.find_route(request.path, world.settings.generation.base_path)
    if route is None:
        return html_page(404, "Not Found")
    if request.method not in route.methods:
        return _wrong_method(request, route)
    caller: User | None = None
    try:
        caller = authentication.authenticate(request, world.settings)
        call = Call(request, route, read_parameters(request), world, now, caller)
        if caller is None and not route.anonymous:
            raise authentication.anonymous(request, world.settings.generation)
        reply = _RESOURCES[route.resource](call)
    except BadCredentialsError as problem:
        reply = problem.reply()
        if route.resource == "availability":
            # This one reports bad credentials as a failure of its own.
            reply = UnavailableError().reply()
    except ProblemError as problem:
        reply = problem.reply()
    if caller is not None:
        return evolve(reply, headers=(*reply.headers, ("x-vo-authenticated", caller.name)))
    if not any(name == "WWW-Authenticate" for name, _ in reply.headers):
        return evolve(reply, headers=(*reply.headers, authentication.CHALLENGE))
    return reply


def _wrong_method(request: Request, route: routing.Route) -> Reply:
    if request.method == "OPTIONS":
        return Reply(200, headers=(("Allow", ", ".join(_HTTP_METHODS)),))
    if request.method not in _HTTP_METHODS:
        return html_page(501, "Not Implemented")
    return Reply(
        405,
        "text/plain;charset=ISO-8859-1",
        f"unsupported: HTTP {request.method}\n".encode(),
        (("Allow", ", ".join(route.methods)),),
    )


def _session(call: Call) -> Reply:
    path = routing.read_session_path(call.route.rest)
    return _SESSION[call.request.method, path.level](call, path.session_id or "", path.app_id or "")


_SESSION: Final[dict[tuple[str, str], Callable[[Call, str, str], Reply]]] = {
    ("GET", "sessions"): lambda call, _id, _app: list_sessions.list_sessions(call),
    ("GET", "session"): lambda call, id_, _app: get_session.get_session(call, id_),
    ("GET", "apps"): lambda call, _id, _app: apps.list_apps(call),
    ("GET", "app"): apps.get_app,
    ("POST", "sessions"): lambda call, _id, _app: create_session.create_session(call),
    ("POST", "session"): lambda call, id_, _app: renew_session.modify_session(call, id_),
    ("POST", "apps"): lambda call, id_, _app: apps.attach_app(call, id_),
    ("POST", "app"): lambda call, _id, _app: apps.modify_app(call),
    ("DELETE", "sessions"): lambda call, _id, _app: delete_session.delete_everything(call),
    ("DELETE", "session"): lambda call, id_, _app: delete_session.delete_session(call, id_),
    ("DELETE", "apps"): lambda call, _id, _app: apps.delete_apps(call),
    ("DELETE", "app"): apps.delete_app,
}


def _log_control(_call: Call) -> Reply:
    raise ForbiddenError("permission denied")


_RESOURCES: Final = {
    "session": _session,
    "context": context.context,
    "image": images.images,
    "repository": repository.repository,
    "availability": availability.availability,
    "capabilities": capabilities.capabilities,
    "logControl": _log_control,
    "front_page": pages.front_page,
    "description": pages.description,
}
