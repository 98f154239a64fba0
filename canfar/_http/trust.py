"""Whose word is taken for which server this is: the system's authorities, or SSL_CERT_FILE's."""

from __future__ import annotations

import os
import ssl
from functools import cache

import httpx


def trusted(url: str = "https:") -> ssl.SSLContext:
    """Return the TLS context for a server, which is shared.

    Args:
        url: The server's; where it has no TLS, nobody is trusted.
    """
    if not url.startswith("https:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return _authorities(tuple(os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")))


@cache
def _authorities(named: tuple[str | None, ...]) -> ssl.SSLContext:
    # Reading them takes some 20 ms: once for all clients.
    del named
    return httpx.create_ssl_context()
