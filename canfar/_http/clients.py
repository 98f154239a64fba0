"""Make the httpx clients: pools, TLS, proxies, credentials, retries."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.request import getproxies, proxy_bypass

import httpx

from canfar import __version__
from canfar._http.credentials import BearerToken
from canfar._http.redaction import keep_out_of_logs
from canfar._http.retrying import AsyncRetrying, Retrying
from canfar._http.spread import AsyncSpread, Spread

if TYPE_CHECKING:
    import ssl

    from canfar.settings import Settings

HEADERS: Final = {"User-Agent": f"python-canfar/{__version__}"}


@cache
def _tls(certificate: str | None) -> ssl.SSLContext:
    # Reading the system's authorities takes some 20 ms: once for each identity, not each client.
    context = httpx.create_ssl_context()
    if certificate is not None:
        context.load_cert_chain(certificate)
    return context


def _pools(settings: Settings, transport: Any) -> list[Any]:
    # httpx rescans a whole pool for each request that queues for it, so that one large pool
    # collapses; pools of one connection reach twice to nine times as many requests a second.
    certificate = None if settings.certificate is None else str(settings.certificate)
    return [
        transport(
            verify=_tls(certificate),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            proxy=_proxy(settings.url),
        )
        for _ in range(settings.concurrency)
    ]


def _proxy(url: str) -> str | None:
    target = httpx.URL(url)
    if proxy_bypass(target.host):
        return None
    proxies = getproxies()
    return proxies.get(target.scheme) or proxies.get("all")


def _options(settings: Settings) -> dict[str, Any]:
    keep_out_of_logs(settings.secrets)
    return {
        "base_url": settings.url,
        "timeout": settings.timeout,
        "headers": HEADERS,
        "auth": BearerToken(settings),
        "follow_redirects": False,
    }


def new_client(settings: Settings) -> httpx.Client:
    """Return an httpx client that sends requests to the server with the credential."""
    pools = Spread(_pools(settings, httpx.HTTPTransport))
    return httpx.Client(transport=Retrying(pools, settings.retry), **_options(settings))


def new_async_client(settings: Settings) -> httpx.AsyncClient:
    """Return the same for asyncio; it belongs to the event loop it is first used in."""
    pools = AsyncSpread(_pools(settings, httpx.AsyncHTTPTransport))
    return httpx.AsyncClient(transport=AsyncRetrying(pools, settings.retry), **_options(settings))
