"""Present the token to the server it is for, and to no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import httpx

from canfar._http.redaction import keep_out_of_logs

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from canfar.auth.tokens import TokenSource

REFUSED: Final = 401


class BearerToken(httpx.Auth):
    """Sends the token as it is at the time of each request, and only to the server it is for.

    When the server refuses it and there is another by then, the request is sent once more.

    Args:
        tokens: Where tokens come from.
        url: The server.
    """

    def __init__(self, tokens: TokenSource, url: str) -> None:
        self._tokens = tokens
        self._origin = origin(httpx.URL(url))

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the token to a request for the server it is for."""
        if origin(request.url) != self._origin:
            yield request
            return
        token = self._tokens.at_hand()
        if token is None:
            token = self._tokens.current()
        response = yield self._signed(request, token)
        if response.status_code == REFUSED:
            other = self._tokens.renew(token)
            if other is not None:
                yield self._signed(request, other)

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Add the token to a request, while other tasks go on."""
        import asyncio  # noqa: PLC0415 - whoever has a loop has loaded it; threads never need it

        if origin(request.url) != self._origin:
            yield request
            return
        token = self._tokens.at_hand()
        if token is None:
            token = await asyncio.to_thread(self._tokens.current)
        response = yield self._signed(request, token)
        if response.status_code == REFUSED:
            other = await asyncio.to_thread(self._tokens.renew, token)
            if other is not None:
                yield self._signed(request, other)

    def _signed(self, request: httpx.Request, token: str) -> httpx.Request:
        keep_out_of_logs(self._tokens.secrets)
        request.headers["Authorization"] = f"Bearer {token}"
        return request


def origin(url: httpx.URL) -> tuple[str, str, int | None]:
    """Return what tells servers apart, as httpx has it: this is asked for each request."""
    return url.scheme, url.host, url.port
