"""The clients that operations are called with."""

from __future__ import annotations

import copy
import threading
from typing import TYPE_CHECKING, Any, Self

import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Generator

#: Seconds.
DEFAULT_TIMEOUT = 30.0


class Client:
    """Where requests go, and the httpx clients that carry them.

    Both httpx clients are made on first use, once, however many threads ask. An own class can override
    `get_httpx_client` and `get_async_httpx_client`: nothing else is used to send.

    Args:
        base_url: The versioned base, such as "https://ws-uv.canfar.net/skaha/v1".
        cookies: Sent with every request.
        headers: Sent with every request.
        timeout: Seconds, or an httpx.Timeout; None waits forever. Exceeding it raises httpx.TimeoutException.
        verify_ssl: Whether, or by which ssl.SSLContext, the server's certificate is verified.
        follow_redirects: Whether redirects are followed.
        httpx_args: More arguments for httpx.Client and httpx.AsyncClient; these win over all others.
    """

    _client: httpx.Client | None
    _async_client: httpx.AsyncClient | None

    def __init__(
        self,
        base_url: str,
        *,
        cookies: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        timeout: httpx.Timeout | float | None = DEFAULT_TIMEOUT,
        verify_ssl: str | bool | ssl.SSLContext = True,
        follow_redirects: bool = False,
        httpx_args: dict[str, Any] | None = None,
    ) -> None:
        self._base_url = base_url
        self._cookies = dict(cookies or {})
        self._headers = dict(headers or {})
        self._timeout = timeout
        self._verify_ssl = verify_ssl
        self._follow_redirects = follow_redirects
        self._httpx_args = dict(httpx_args or {})
        self._forget_httpx_clients()

    def __repr__(self) -> str:
        url = httpx.URL(self._base_url).copy_with(userinfo=b"", query=None, fragment=None)
        return f"{type(self).__name__}({str(url)!r})"

    def with_headers(self, headers: dict[str, str]) -> Self:
        """A new client with more headers. This one, and what it has open, stays as it is."""
        return self._changed(_headers={**self._headers, **headers})

    def with_cookies(self, cookies: dict[str, str]) -> Self:
        """A new client with more cookies. This one, and what it has open, stays as it is."""
        return self._changed(_cookies={**self._cookies, **cookies})

    def with_timeout(self, timeout: httpx.Timeout | float | None) -> Self:
        """A new client with another timeout. This one, and what it has open, stays as it is."""
        return self._changed(_timeout=timeout)

    def set_httpx_client(self, client: httpx.Client) -> Self:
        """Send through this httpx client. Its own settings hold: none of this client's are applied to it."""
        with self._lock:
            self._client, self._client_is_ours = client, False
        return self

    def get_httpx_client(self) -> httpx.Client:
        """The httpx client, made on first use."""
        client = self._client
        if client is None:
            with self._lock:
                client = self._client
                if client is None:
                    client = self._client = httpx.Client(**self._httpx_settings())
        return client

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Self:
        """Send through this httpx client. Its own settings hold: none of this client's are applied to it."""
        with self._lock:
            self._async_client, self._async_client_is_ours = async_client, False
        return self

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The asyncio httpx client, made on first use. Like every one of its kind it belongs to one event loop."""
        client = self._async_client
        if client is None:
            with self._lock:
                client = self._async_client
                if client is None:
                    client = self._async_client = httpx.AsyncClient(**self._httpx_settings())
        return client

    def __enter__(self) -> Self:
        self.get_httpx_client().__enter__()
        return self

    def __exit__(self, *args: Any) -> None:
        client = self.get_httpx_client()
        with self._lock:
            if self._client_is_ours:
                self._client = None
        client.__exit__(*args)

    async def __aenter__(self) -> Self:
        await self.get_async_httpx_client().__aenter__()
        return self

    async def __aexit__(self, *args: Any) -> None:
        client = self.get_async_httpx_client()
        with self._lock:
            if self._async_client_is_ours:
                self._async_client = None
        await client.__aexit__(*args)

    def _httpx_settings(self) -> dict[str, Any]:
        return {
            "base_url": self._base_url,
            "cookies": self._cookies,
            "headers": self._headers,
            "timeout": self._timeout,
            "verify": self._verify_ssl,
            "follow_redirects": self._follow_redirects,
            **self._httpx_args,
        }

    def _forget_httpx_clients(self) -> None:
        self._lock = threading.Lock()
        self._client = self._async_client = None
        self._client_is_ours = self._async_client_is_ours = True

    def _changed(self, **changes: Any) -> Self:
        own = type(self)
        if (
            not (self._client_is_ours and self._async_client_is_ours)
            or own.get_httpx_client is not Client.get_httpx_client
            or own.get_async_httpx_client is not Client.get_async_httpx_client
        ):
            raise RuntimeError(
                f"this {own.__name__} sends through an httpx client that it was given, which has settings of its own: "
                "change them there, or give them to each request"
            )
        new = copy.copy(self)
        new._forget_httpx_clients()
        for name, value in changes.items():
            setattr(new, name, value)
        return new


class AuthenticatedClient(Client):
    """A client that sends a token with every request.

    The token is read at each request: after `client.token = "..."` the new one is sent. No repr shows it.

    Args:
        base_url: The versioned base, such as "https://ws-uv.canfar.net/skaha/v1".
        token: The token.
        prefix: What stands before the token in the header.
        auth_header_name: The header.
        cookies: Sent with every request.
        headers: Sent with every request.
        timeout: Seconds, or an httpx.Timeout; None waits forever. Exceeding it raises httpx.TimeoutException.
        verify_ssl: Whether, or by which ssl.SSLContext, the server's certificate is verified.
        follow_redirects: Whether redirects are followed.
        httpx_args: More arguments for httpx.Client and httpx.AsyncClient; these win over all others.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        prefix: str = "Bearer",
        auth_header_name: str = "Authorization",
        *,
        cookies: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        timeout: httpx.Timeout | float | None = DEFAULT_TIMEOUT,
        verify_ssl: str | bool | ssl.SSLContext = True,
        follow_redirects: bool = False,
        httpx_args: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(
            base_url,
            cookies=cookies,
            headers=headers,
            timeout=timeout,
            verify_ssl=verify_ssl,
            follow_redirects=follow_redirects,
            httpx_args=httpx_args,
        )
        self.token = token
        self.prefix = prefix
        self.auth_header_name = auth_header_name

    def _httpx_settings(self) -> dict[str, Any]:
        return {"auth": _TokenAuth(self), **super()._httpx_settings()}


class _TokenAuth(httpx.Auth):
    """Puts the client's token of this moment into each request."""

    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        client = self._client
        value = f"{client.prefix} {client.token}" if client.prefix else client.token
        if not (value.isascii() and value.isprintable()):
            # httpx would say so too, and show the token.
            raise ValueError("the token can't be sent: it holds characters that a header can't, a newline for instance")
        request.headers[client.auth_header_name] = value
        yield request


__all__ = ("AuthenticatedClient", "Client")
