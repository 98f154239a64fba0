"""Servers that are known without asking anybody: saved, in the catalogue, or on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar._http.addresses import VERSION, versioned
from canfar.errors import ConfigurationError, ServerNotKnown
from canfar.idp import catalogue
from canfar.models.built_in import LOCAL
from canfar.models.server import Server

if TYPE_CHECKING:
    from canfar.config import Saved

__all__ = ["find", "known_server"]


def find(selector: str, saved: Saved) -> Server:
    """Return a server by its name, ``ivo://`` identifier or URL, asking nobody.

    Args:
        selector: What names it.
        saved: The configuration.

    Raises:
        ServerNotKnown: None of that name or identifier is saved or in the catalogue.
    """
    found = known_server(selector, saved)
    if found is not None:
        return found
    if selector.startswith(("https://", "http://")):
        return Server(name=selector, url=selector)
    names = sorted({*saved.servers, *catalogue().servers, LOCAL})
    raise ServerNotKnown(
        f"no server {selector!r} is known",
        advice=f"Known are: {', '.join(names)}. `canfar server use {selector}` looks for it.",
    )


def known_server(selector: str, saved: Saved) -> Server | None:
    """Return a server that is saved or in the catalogue, or None."""
    servers = {**catalogue().servers, **saved.servers}
    for name, server in servers.items():
        if selector.lower() == name.lower() or selector == server.uri:
            return server
    if not selector.startswith(("https://", "http://")):
        return None
    try:
        wanted = VERSION.sub("", versioned(selector))
    except ConfigurationError:
        return None
    same = (server for server in servers.values() if server.url.rstrip("/") == wanted)
    return next(same, None)
