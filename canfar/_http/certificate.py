"""Present a proxy certificate, as it is in its file at the time of each request."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

import httpx

from canfar._http.credentials import origin
from canfar.errors import ConfigurationError, CredentialUnusable

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from pathlib import Path

    from canfar._http.spread import AsyncSpread, Spread
    from canfar.auth.x509 import ProxyCertificate

logger: Final = logging.getLogger("canfar")

SOON: Final = timedelta(days=3)

WARNED: Final[set[tuple[str, datetime]]] = set()
"""The certificates that this process has warned of, which all its clients share."""

Stamp: TypeAlias = tuple[int, int, int]
Read: TypeAlias = "Callable[[], ProxyCertificate]"
S = TypeVar("S", bound="Spread | AsyncSpread")


class Watch(Generic[S]):
    """Notices when the file has changed, and has connections made with what it holds then.

    Args:
        path: The certificate file.
        read: Returns what it holds now, if that can be used.
        connect: Makes connections that present what this TLS context holds.
    """

    def __init__(self, path: Path, read: Read, connect: Callable[[ssl.SSLContext], S]) -> None:
        self._path = path
        self._read = read
        self._connect = connect
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._certificate: ProxyCertificate | None = None
        self._connections: S | None = None

    def connections(self) -> tuple[S, S | None]:
        """Return connections for a request, and those that are to be given up if there are any.

        Raises:
            ConfigurationError: The file cannot be used.
            CredentialExpired: The certificate has expired.
        """
        with self._lock:
            old = None
            stamp = self._look()
            if self._connections is None or stamp != self._stamp:
                old = self._connections
                self._take(stamp)
            if self._connections is None or self._certificate is None:
                raise RuntimeError("there is a certificate where there are connections")
            now = datetime.now(UTC)
            self._certificate.check(now)
            self._warn(self._certificate, now)
            return self._connections, old if old is not self._connections else None

    @property
    def latest(self) -> S | None:
        """The connections that were made last."""
        return self._connections

    def _look(self) -> Stamp | None:
        try:
            seen = self._path.stat()
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_size, seen.st_ino

    def _take(self, stamp: Stamp | None) -> None:
        """Go over to what the file holds now."""
        try:
            self._connections = self._made()
            self._stamp = stamp
        except ConfigurationError as error:
            before = self._certificate
            if stamp is None or before is None or before.not_after <= datetime.now(UTC):
                raise
            # Programs that write it piece by piece are through in a moment.
            logger.info("the certificate from before is used once more: %s", error.message)

    def _made(self) -> S:
        certificate = self._read()
        context = httpx.create_ssl_context()
        try:
            context.load_cert_chain(self._path)
        except (OSError, ValueError) as error:
            raise CredentialUnusable(
                f"the certificate {self._path} cannot be used: {error}"
            ) from None
        self._certificate = certificate
        return self._connect(context)

    def _warn(self, certificate: ProxyCertificate, now: datetime) -> None:
        left = certificate.not_after - now
        known = certificate.source, certificate.not_after
        if left < SOON and known not in WARNED:
            WARNED.add(known)
            hours = left.total_seconds() / 3600
            logger.warning(
                "the certificate %s expires in %.0f hours; `canfar login cadc --force` renews it",
                self._path,
                hours,
            )


class WithCertificate(httpx.BaseTransport):
    """Sends requests over connections that present the certificate, to its server only.

    Args:
        path: The certificate file.
        read: Returns what it holds now, if that can be used.
        connect: Makes connections that present what this TLS context holds.
        url: The server it is for.
        others: Sends requests to any other, without it.
    """

    def __init__(
        self,
        path: Path,
        read: Read,
        connect: Callable[[ssl.SSLContext], Spread],
        url: str,
        others: httpx.BaseTransport,
    ) -> None:
        self._watch = Watch(path, read, connect)
        self._origin = origin(httpx.URL(url))
        self._others = others

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request as whom the file says one is now."""
        if origin(request.url) != self._origin:
            return self._others.handle_request(request)
        spread, old = self._watch.connections()
        if old is not None:
            old.retire()
        return spread.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._others.close()
        if self._watch.latest is not None:
            self._watch.latest.close()


class AsyncWithCertificate(httpx.AsyncBaseTransport):
    """The same for asyncio.

    Args:
        path: The certificate file.
        read: Returns what it holds now, if that can be used.
        connect: Makes connections that present what this TLS context holds.
        url: The server it is for.
        others: Sends requests to any other, without it.
    """

    def __init__(
        self,
        path: Path,
        read: Read,
        connect: Callable[[ssl.SSLContext], AsyncSpread],
        url: str,
        others: httpx.AsyncBaseTransport,
    ) -> None:
        self._watch = Watch(path, read, connect)
        self._origin = origin(httpx.URL(url))
        self._others = others

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request as whom the file says one is now."""
        if origin(request.url) != self._origin:
            return await self._others.handle_async_request(request)
        spread, old = self._watch.connections()
        if old is not None:
            await old.retire()
        return await spread.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._others.aclose()
        if self._watch.latest is not None:
            await self._watch.latest.aclose()
