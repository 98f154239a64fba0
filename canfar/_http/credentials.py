"""Present the credential to the server it is for, and to no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Generator

    from canfar.settings import Settings


class BearerToken(httpx.Auth):
    """Sends the token as it is at the time of each request, and only to the server it is for.

    Args:
        settings: Where the token and the server are looked up.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._origin = _origin(httpx.URL(settings.url))

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        """Add the credential to a request for the server it is for."""
        tokens = self._settings.tokens
        if tokens is not None and _origin(request.url) == self._origin:
            request.headers["Authorization"] = f"Bearer {tokens.current()}"
        yield request


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
