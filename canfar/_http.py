"""The only hand-written module that knows httpx: connections, credentials, what can go wrong."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.request import getproxies, proxy_bypass

import httpx
from skaha_client.errors import UnexpectedReply

from canfar import __version__
from canfar.errors import BadReply, CanfarError, InvalidInput, TimedOut, Unreachable

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Generator, Iterator, Sequence

    from canfar.settings import Settings

HEADERS: Final = {"User-Agent": f"python-canfar/{__version__}"}


class Spread(httpx.BaseTransport):
    """Sends each request through the least busy of pools of one connection.

    Args:
        pools: The transports to spread requests over.
    """

    def __init__(self, pools: Sequence[httpx.BaseTransport]) -> None:
        self._pools = pools
        self._load = [0] * len(pools)
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the pool with the fewest replies under way."""
        with self._lock:
            index = self._load.index(min(self._load))
            self._load[index] += 1
        try:
            response = self._pools[index].handle_request(request)
        except BaseException:
            self._done(index)
            raise
        response.stream = _Counted(response.stream, lambda: self._done(index))  # type: ignore[arg-type]  # a sync transport gives a sync stream
        return response

    def _done(self, index: int) -> None:
        with self._lock:
            self._load[index] -= 1

    def close(self) -> None:
        """Close every pool."""
        for pool in self._pools:
            pool.close()


class _Counted(httpx.SyncByteStream):
    """A reply's body that says when it is through."""

    def __init__(self, stream: httpx.SyncByteStream, done: Any) -> None:
        self._stream = stream
        self._done = done

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        try:
            self._stream.close()
        finally:
            self._done()


class AsyncSpread(httpx.AsyncBaseTransport):
    """The same for asyncio.

    Args:
        pools: The transports to spread requests over.
    """

    def __init__(self, pools: Sequence[httpx.AsyncBaseTransport]) -> None:
        self._pools = pools
        self._load = [0] * len(pools)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the pool with the fewest replies under way."""
        index = self._load.index(min(self._load))
        self._load[index] += 1
        try:
            response = await self._pools[index].handle_async_request(request)
        except BaseException:
            self._load[index] -= 1
            raise
        response.stream = _AsyncCounted(response.stream, lambda: self._done(index))  # type: ignore[arg-type]  # an asyncio transport gives an asyncio stream
        return response

    def _done(self, index: int) -> None:
        self._load[index] -= 1

    async def aclose(self) -> None:
        """Close every pool, even when the task that closes them is cancelled meanwhile."""
        cancelled: BaseException | None = None
        for pool in self._pools:
            try:
                await pool.aclose()
            except BaseException as error:  # noqa: BLE001 - raised when the other pools are closed
                cancelled = error
        if cancelled is not None:
            raise cancelled


class _AsyncCounted(httpx.AsyncByteStream):
    """A reply's body that says when it is through."""

    def __init__(self, stream: httpx.AsyncByteStream, done: Any) -> None:
        self._stream = stream
        self._done = done

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            yield chunk

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            self._done()


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
        if self._settings.token and _origin(request.url) == self._origin:
            request.headers["Authorization"] = f"Bearer {self._settings.token}"
        yield request


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


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
    return {
        "base_url": settings.url,
        "timeout": settings.timeout,
        "headers": HEADERS,
        "auth": BearerToken(settings),
        "follow_redirects": False,
    }


def new_client(settings: Settings) -> httpx.Client:
    """Return an httpx client that sends requests to the server with the credential."""
    return httpx.Client(
        transport=Spread(_pools(settings, httpx.HTTPTransport)), **_options(settings)
    )


def new_async_client(settings: Settings) -> httpx.AsyncClient:
    """Return the same for asyncio; it belongs to the event loop it is first used in."""
    return httpx.AsyncClient(
        transport=AsyncSpread(_pools(settings, httpx.AsyncHTTPTransport)), **_options(settings)
    )


@contextmanager
def translated() -> Generator[None]:
    """Let whatever goes wrong with a request leave as one of :mod:`canfar.errors`."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise _about(TimedOut, error, "the server did not answer in time") from error
    except httpx.InvalidURL as error:
        raise InvalidInput(f"the request cannot be sent: {error}") from error
    except httpx.DecodingError as error:
        raise _about(BadReply, error, "the reply is garbled") from error
    except httpx.RequestError as error:
        raise _about(Unreachable, error, "cannot reach the server") from error
    except UnexpectedReply as error:
        raise _unexpected(error) from error


def _about(kind: type[CanfarError], error: httpx.RequestError, what: str) -> CanfarError:
    reason = str(error) or type(error).__name__
    request = error.request
    return kind(
        f"{what}: {reason}",
        method=request.method,
        url=str(request.url.copy_with(query=None)),
    )


def _unexpected(error: UnexpectedReply) -> BadReply:
    page = "html" in error.content_type.lower()
    text = error.content.decode(errors="replace").strip()
    return BadReply(
        "something between you and the server answered with a page"
        if page
        else f"the reply is not understood: {text[:200]!r}",
        advice="Check the URL, and whether a proxy or a login page is in the way." if page else "",
        status_code=error.status_code,
        method=error.method,
        url=error.url,
        server_text=text,
    )
