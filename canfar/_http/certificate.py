"""Present a proxy certificate, as it is in its file at the time of each request."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from pathlib import Path

    from canfar._http.spread import AsyncSpread, Spread
    from canfar.auth.x509 import ProxyCertificate

logger: Final = logging.getLogger("canfar")

SOON: Final = timedelta(days=3)

Stamp: TypeAlias = tuple[int, int, int]
S = TypeVar("S", bound="Spread | AsyncSpread")


class Watch(Generic[S]):
    """Notices when the file has changed, and has connections made with what it holds then.

    Args:
        path: The certificate file.
        connect: Makes connections that present what this TLS context holds.
    """

    def __init__(self, path: Path, connect: Callable[[ssl.SSLContext], S]) -> None:
        self._path = path
        self._connect = connect
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._certificate: ProxyCertificate | None = None
        self._connections: S | None = None
        self._warned = False

    def connections(self) -> tuple[S, S | None]:
        """Return connections for a request, and those that are to be given up if there are any.

        Raises:
            CertificateError: The file cannot be used.
            CredentialExpired: The certificate has expired.
        """
        with self._lock:
            old = None
            stamp = self._look()
            if self._connections is None or stamp != self._stamp:
                old, self._connections = self._connections, self._made()
                self._stamp = stamp
            if self._certificate is not None:
                now = datetime.now(UTC)
                self._certificate.check(now)
                self._warn(self._certificate.not_after - now)
            return self._connections, old

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

    def _made(self) -> S:
        from canfar.auth.x509 import CertificateError, usable  # noqa: PLC0415 - it is heavy

        self._certificate = usable(self._path)
        context = httpx.create_ssl_context()
        try:
            context.load_cert_chain(self._path)
        except (OSError, ValueError) as error:
            raise CertificateError(
                f"the certificate {self._path} cannot be used: {error}"
            ) from None
        return self._connect(context)

    def _warn(self, left: timedelta) -> None:
        if left < SOON and not self._warned:
            self._warned = True
            hours = left.total_seconds() / 3600
            logger.warning(
                "the certificate %s expires in %.0f hours; `canfar login cadc --force` renews it",
                self._path,
                hours,
            )


class WithCertificate(httpx.BaseTransport):
    """Sends requests over connections that present the certificate.

    Args:
        path: The certificate file.
        connect: Makes connections that present what this TLS context holds.
    """

    def __init__(self, path: Path, connect: Callable[[ssl.SSLContext], Spread]) -> None:
        self._watch = Watch(path, connect)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request as whom the file says one is now."""
        spread, old = self._watch.connections()
        if old is not None:
            old.retire()
        return spread.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        if self._watch.latest is not None:
            self._watch.latest.close()


class AsyncWithCertificate(httpx.AsyncBaseTransport):
    """The same for asyncio.

    Args:
        path: The certificate file.
        connect: Makes connections that present what this TLS context holds.
    """

    def __init__(self, path: Path, connect: Callable[[ssl.SSLContext], AsyncSpread]) -> None:
        self._watch = Watch(path, connect)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request as whom the file says one is now."""
        spread, old = self._watch.connections()
        if old is not None:
            await old.retire()
        return await spread.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._watch.latest is not None:
            await self._watch.latest.aclose()
