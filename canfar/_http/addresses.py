"""What a server's address may look like, and which addresses are of one server."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from canfar.errors import ConfigurationError, InvalidSetting

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["is_loopback", "origin", "secure", "versioned"]

VERSION: Final = re.compile(r"/v\d+$")
PORTS: Final = {"http": 80, "https": 443}


def versioned(url: str, allow_http: Collection[str] = ()) -> str:
    """Return the versioned base of a server that is given with or without its version.

    Args:
        url: The address.
        allow_http: Hosts, with or without a port, that may be talked to without TLS.

    Raises:
        InvalidSetting: It is no address, or one to which a credential would travel in clear.

    Example:
        >>> versioned("https://ws-uv.canfar.net/skaha/")
        'https://ws-uv.canfar.net/skaha/v1'
    """
    parts = _parts(url)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidSetting(
            f"a server's address holds no user, query or fragment; "
            f"write {parts.scheme}://{parts.hostname}{parts.path}"
        )
    secure(parts.geturl(), allow_http)
    path = parts.path.rstrip("/") or "/skaha"
    if not VERSION.search(path):
        path += "/v1"
    return f"{parts.scheme}://{parts.netloc}{path}"


def secure(url: str, allow_http: Collection[str] = ()) -> str:
    """Return an address that a credential may be sent to.

    Args:
        url: The address.
        allow_http: Hosts, with or without a port, that may be talked to without TLS, beside those
            in ``CANFAR_ALLOW_HTTP``.

    Raises:
        InvalidSetting: It is no address, or what is sent there could be read on the way.
    """
    parts = _parts(url)
    host = parts.hostname or ""
    allowed = {host, parts.netloc} & {*allow_http, *_allowed_hosts()}
    if parts.scheme == "https" or is_loopback(host) or allowed:
        return url
    raise InvalidSetting(
        f"{parts.scheme}://{parts.netloc} would show your credential to everybody on the way",
        advice=f"Write https://, or allow this host by name: CANFAR_ALLOW_HTTP={parts.netloc}",
    )


def _allowed_hosts() -> list[str]:
    named = os.environ.get("CANFAR_ALLOW_HTTP", "").split(",")
    return [name.strip() for name in named if name.strip()]


def is_loopback(host: str) -> bool:
    """Whether a host is this machine.

    Example:
        >>> is_loopback("127.0.0.1"), is_loopback("ws-uv.canfar.net")
        (True, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port, which together say whose address it is.

    Example:
        >>> origin("https://WS-UV.canfar.net/skaha") == origin("https://ws-uv.canfar.net:443/x")
        True
    """
    try:
        parts = _parts(url)
    except ConfigurationError:
        return "", url, None  # nobody's but its own
    return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme)


def _parts(url: str) -> SplitResult:
    url = url.strip()
    try:
        parts = urlsplit(url)
        # Taken apart, it would lose its line breaks without a word.
        whole = url.isprintable() and " " not in url
        if whole and parts.scheme in PORTS and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass  # a bracket without its twin, a port that is none
    shown = url.rpartition("@")[2]
    raise InvalidSetting(
        f"{shown!r} is no server's address; write https://ws-uv.canfar.net/skaha for instance"
    )
