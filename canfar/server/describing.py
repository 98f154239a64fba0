"""Make a server out of what its capabilities say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from attrs import evolve, frozen

from canfar._http.addresses import origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from canfar.models.server import Server
    from canfar.server.capabilities import Capability

__all__ = ["described", "server_name"]

SESSIONS: Final = re.compile(r"^http://www\.opencadc\.org/std/platform#session-(\d+)")
LEGACY: Final = "vos://cadc.nrc.ca~vospace/CADC/std/Proc#sessions-1.0"
VERSION: Final = re.compile(r"/v\d+(?=/|$)")
WORDS: Final = {"token": "oidc", "tls-with-certificate": "x509"}
ORDER: Final = ("x509", "oidc")
NO_WAY_IN: Final = frozenset({"", "cookie"})


@frozen
class Family:
    """One version of the session service."""

    number: int
    version: str
    auths: tuple[str, ...]


def described(server: Server, capabilities: Iterable[Capability]) -> Server:
    """Return a server with its version and ways to log in, as far as its capabilities say.

    Where it is stays what was asked: the server drops the port from the URLs that it lists
    (protocol notes 5.8, a fact of Skaha 1.4), and a URL of another host is not to be trusted.
    """
    families = sorted(filter(None, map(_family, capabilities)), key=lambda f: -f.number)
    best = next((f for f in families if f.auths), families[0] if families else None)
    if best is None:
        return server
    return evolve(server, version=best.version, auths=best.auths or server.auths)


def server_name(uri: str | None, url: str, names: dict[str, str]) -> str:
    """Return what to call a server: its known name, else its host with dashes."""
    known = names.get(uri or "")
    if known:
        return known
    host = urlsplit(url).hostname or "server"
    name = re.sub(r"[^A-Za-z0-9_-]", "-", host)
    port = origin(url)[2]
    usual = port in {None, 80, 443}
    name = name if usual else f"{name}-{port}"
    return name if name[:1].isalpha() else f"server-{name}"


def _family(capability: Capability) -> Family | None:
    match = SESSIONS.match(capability.standard_id)
    if not match and capability.standard_id != LEGACY:
        return None
    number = int(match.group(1)) if match else 0
    bases = [each for each in capability.interfaces if each.use == "base"]
    if not bases:
        return None
    found = VERSION.search(urlsplit(bases[0].url).path)
    version = found.group().lstrip("/") if match and found else f"v{number}"
    ways = {method.rpartition("#")[2] for each in bases for method in each.security}
    auths = {WORDS.get(way, way) for way in ways - NO_WAY_IN}
    ordered = [*(each for each in ORDER if each in auths), *sorted(auths.difference(ORDER))]
    return Family(number, version, tuple(ordered))
