"""Which operation of the contract a request asks for, by the names of spec/openapi.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from canfar.local.contract import routing
from canfar.local.contract.generations import CURRENT
from canfar.local.contract.parameters import read_parameters
from canfar.local.contract.problems import BadRequestError

if TYPE_CHECKING:
    from canfar.local.contract.messages import Request

__all__ = ["ALIASES", "ANY", "OPERATIONS", "Operation", "Selector", "operation_of", "selector"]

_SESSION: Final = {
    ("GET", "sessions"): "list_sessions",
    ("POST", "sessions"): "create_session",
    ("GET", "session"): "get_session",
    ("POST", "session"): "renew_session",
    ("DELETE", "session"): "delete_session",
    ("GET", "apps"): "list_desktop_apps",
    ("POST", "apps"): "attach_desktop_app",
    ("GET", "app"): "get_desktop_app",
    ("DELETE", "app"): "delete_desktop_app",
}
_OTHERS: Final = {
    "image": "list_images",
    "context": "get_context",
    "repository": "list_repositories",
    "availability": "get_availability",
    "capabilities": "get_capabilities",
}
_VIEWS: Final = {"list_sessions": ("stats",), "get_session": ("logs", "events")}

OPERATIONS: Final = (*_SESSION.values(), *_OTHERS.values())
"""The names that the specification has."""

ANY: Final = "*"
"""Stands for every operation."""


@frozen
class Operation:
    """What a request asks for.

    Attributes:
        id: The specification's name, such as ``get_session``; empty for what is no operation, like
            a path that doesn't exist.
        view: ``logs`` or ``events`` of ``get_session``, ``stats`` of ``list_sessions``, or empty.
    """

    id: str
    view: str = ""


@frozen
class Selector:
    """Some of the operations.

    Attributes:
        id: The specification's name, or ``*`` for all of them.
        view: The view that it must be; None takes any.
    """

    id: str
    view: str | None = None

    def takes(self, operation: Operation) -> bool:
        """Whether an operation is one of them.

        Args:
            operation: The operation.
        """
        if self.id == ANY:
            return bool(operation.id)
        return self.id == operation.id and self.view in {None, operation.view}


ALIASES: Final = {
    ANY: Selector(ANY),
    "create": Selector("create_session"),
    "list": Selector("list_sessions", ""),
    "stats": Selector("list_sessions", "stats"),
    "info": Selector("get_session", ""),
    "logs": Selector("get_session", "logs"),
    "events": Selector("get_session", "events"),
    "renew": Selector("renew_session"),
    "delete": Selector("delete_session"),
    "destroy": Selector("delete_session"),
    "images": Selector("list_images"),
    "context": Selector("get_context"),
    "repositories": Selector("list_repositories"),
    "availability": Selector("get_availability"),
    "capabilities": Selector("get_capabilities"),
}
"""Shorter names. Those of a view are narrower: ``info`` is ``get_session`` without logs, events."""


def selector(name: str) -> Selector:
    """The operations that a name stands for.

    Args:
        name: A name of the specification's, an alias, or ``*``.

    Raises:
        ValueError: There is none of that name.

    Example:
        >>> selector("logs").takes(Operation("get_session", "logs"))
        True
    """
    if name in OPERATIONS:
        return Selector(name)
    if name in ALIASES:
        return ALIASES[name]
    known = ", ".join((*ALIASES, *OPERATIONS))
    raise ValueError(f"{name!r} is no operation of the platform; these are: {known}")


def operation_of(request: Request, base_path: str = CURRENT.base_path) -> Operation:
    """The operation that a request asks for.

    Args:
        request: The request.
        base_path: What the versioned resources are below.

    Example:
        >>> from canfar.local.contract.messages import Request
        >>> operation_of(Request("GET", "/skaha/v1/session/k3x9a0bz", "view=logs"))
        Operation(id='get_session', view='logs')
    """
    route = routing.find_route(request.path, base_path)
    if route is None or request.method not in route.methods:
        return Operation("")
    if route.resource != "session":
        return Operation(_OTHERS.get(route.resource, ""))
    try:
        level = routing.read_session_path(route.rest).level
        name = _SESSION.get((request.method, level), "")
        if name not in _VIEWS:
            return Operation(name)
        view = read_parameters(request).first("view")
    except BadRequestError:
        return Operation("")
    return Operation(name, view if view is not None and view in _VIEWS[name] else "")
