"""Make the httpx clients: pools, TLS, proxies, credentials, retries."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, Final
from urllib.request import getproxies, proxy_bypass

import httpx

from canfar import __version__
from canfar._http.certificate import AsyncWithCertificate, WithCertificate
from canfar._http.credentials import BearerToken
from canfar._http.redaction import keep_out_of_logs
from canfar._http.retrying import AsyncRetrying, Retrying
from canfar._http.spread import AsyncSpread, Spread
from canfar._http.trust import trusted

if TYPE_CHECKING:
    import ssl

    from canfar.settings import Settings

HEADERS: Final = {"User-Agent": f"python-canfar/{__version__}"}


def _pools(settings: Settings, transport: Any, context: ssl.SSLContext) -> list[Any]:
    # httpx rescans a whole pool for each request that queues for it, so that one large pool
    # collapses; pools of one connection reach twice to nine times as many requests a second.
    proxy = _proxy(settings.url)
    return [
        transport(
            verify=context,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            proxy=proxy,
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
        "auth": BearerToken(settings.tokens, settings.url) if settings.tokens else None,
        "follow_redirects": False,
    }


def new_client(settings: Settings) -> httpx.Client:
    """Return an httpx client that sends requests to the server with the credential.

    Its connections are closed when nobody has it any more.
    """

    def connect(context: ssl.SSLContext) -> Spread:
        return Spread(_pools(settings, httpx.HTTPTransport, context))

    sender: httpx.BaseTransport
    if settings.certificate is None:
        sender = connect(trusted(settings.url))
    else:
        others = httpx.HTTPTransport(verify=trusted())
        sender = WithCertificate(
            settings.certificate, settings.read_certificate, connect, settings.url, others
        )
    transport = Retrying(sender, settings.retry)
    client = httpx.Client(transport=transport, **_options(settings))
    weakref.finalize(client, transport.close)
    return client


def new_async_client(settings: Settings) -> tuple[httpx.AsyncClient, httpx.AsyncBaseTransport]:
    """Return the same for asyncio, and what has to be closed when nobody has it any more.

    It belongs to the event loop it is first used in.
    """

    def connect(context: ssl.SSLContext) -> AsyncSpread:
        return AsyncSpread(_pools(settings, httpx.AsyncHTTPTransport, context))

    sender: httpx.AsyncBaseTransport
    if settings.certificate is None:
        sender = connect(trusted(settings.url))
    else:
        others = httpx.AsyncHTTPTransport(verify=trusted())
        sender = AsyncWithCertificate(
            settings.certificate, settings.read_certificate, connect, settings.url, others
        )
    transport = AsyncRetrying(sender, settings.retry)
    return httpx.AsyncClient(transport=transport, **_options(settings)), transport
