"""Which URL means what, and which methods it takes (sections 1.1 and 1.3)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from attrs import frozen

from canfar.local.contract.generations import CURRENT
from canfar.local.contract.java import split
from canfar.local.contract.problems import BadRequestError

__all__ = ["Route", "SessionPath", "find_route", "read_session_path"]


@frozen
class Route:
    """A resource of the service.

    Attributes:
        resource: Its name, such as ``session`` or ``availability``.
        methods: What it takes, in the order in which ``Allow`` lists them.
        rest: The path below it, such as ``/k3x9a0bz``; empty when there is none.
        anonymous: Whether it answers without credentials.
    """

    resource: str
    methods: tuple[str, ...]
    rest: str = ""
    anonymous: bool = False


@frozen
class SessionPath:
    """What a path below ``/session`` names.

    Attributes:
        session_id: The session's ID. None is the collection; an empty one, from a trailing slash,
            is a session with no ID, which is another thing.
        app: Whether the path goes on to the desktop's apps.
        app_id: The app's ID, or None.
    """

    session_id: str | None = None
    app: bool = False
    app_id: str | None = None

    @property
    def level(self) -> str:
        """What it names: ``sessions``, a ``session``, its ``apps`` or an ``app``."""
        if self.session_id is None:
            return "sessions"
        if not self.app:
            return "session"
        return "apps" if self.app_id is None else "app"


_VERSIONED: Final = {
    "session": ("GET", "POST", "DELETE"),
    "context": ("GET",),
    "image": ("GET",),
    "repository": ("GET",),
}
_FIXED: Final = {
    "/skaha/availability": Route("availability", ("GET", "POST"), anonymous=True),
    "/skaha/capabilities": Route("capabilities", ("GET", "HEAD"), anonymous=True),
    "/skaha/logControl": Route("logControl", ("GET", "POST")),
    "/skaha/": Route("front_page", ("GET", "HEAD"), anonymous=True),
    "/skaha/openapi.yaml": Route("description", ("GET", "HEAD"), anonymous=True),
    "/skaha/service.yaml": Route("description", ("GET", "HEAD"), anonymous=True),
}
_LONGEST: Final = 3


def find_route(path: str, base_path: str = CURRENT.base_path) -> Route | None:
    """The resource that a path belongs to, or None.

    Args:
        path: The path as it was sent, percent-encoded.
        base_path: What the versioned resources are below. No server has two of them.

    Example:
        >>> find_route("/skaha/v1/session/abc").rest
        '/abc'
        >>> find_route("/skaha/v0/session") is None
        True
    """
    decoded = re.sub("/+", "/", unquote(path, errors="replace"))
    if decoded in _FIXED:
        return _FIXED[decoded]
    prefix = f"{base_path}/"
    if not decoded.startswith(prefix):
        return None
    resource, slash, rest = decoded[len(prefix) :].partition("/")
    if resource not in _VERSIONED:
        return None
    return Route(resource, _VERSIONED[resource], slash + rest)


def read_session_path(rest: str) -> SessionPath:
    """Read what follows ``/session``, traps included.

    Args:
        rest: The path below ``/session``, decoded, empty or with its leading slash.

    Raises:
        BadRequestError: More than three segments.

    Example:
        >>> read_session_path("") == read_session_path("/")
        False
    """
    if not rest:
        return SessionPath()
    segments = split(rest[1:], "/")
    if len(segments) > _LONGEST:
        raise BadRequestError(f"Invalid request: {'/'.join(segments)}")
    return SessionPath(
        session_id=segments[0] if segments else "",
        app=len(segments) > 1,
        app_id=segments[2] if len(segments) == _LONGEST else None,
    )
