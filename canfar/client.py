"""What all clients share: settings, connections, and the generated client put together."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path
    from types import TracebackType

    import httpx
    from skaha_client import Client

    from canfar._core.steps import Plan
    from canfar.auth.identity import Identity
    from canfar.models.config import Configuration
    from canfar.retry import RetryPolicy

T = TypeVar("T")

__all__ = ["AsyncClient", "HTTPClient", "SyncClient"]


class HTTPClient:
    """A server, a credential and connections to it.

    Nothing is sent and no thread is started when one is made. An argument wins over its
    environment variable, and that over ``config``.

    Args:
        url: The server, with or without ``/v1``; else ``CANFAR_URL``, else the active one.
        token: A bearer token, or the path of a file that holds one and is read anew when it
            changes; else ``CANFAR_TOKEN`` or ``CANFAR_TOKEN_FILE``, else the saved login.
        certificate: A proxy certificate, certificate and key in one PEM file; else
            ``CANFAR_CERTIFICATE``, else the saved login. Given both, the token is used.
        timeout: Seconds for each phase of a request (connecting, sending, receiving); else
            ``CANFAR_TIMEOUT``, else 30.
        concurrency: How many requests a bulk call has in flight; else ``CANFAR_CONCURRENCY``,
            else 32.
        config: Settings for what is given in neither way, and the login for private images.
        deadline: Seconds for a whole call with all its requests and pauses; None for no limit.
            ``wait`` and ``connect`` have a timeout of their own.
        retry: How persistent to be with a server that fails in passing.
        server: The server by its name, ``ivo://`` identifier or URL; "local" starts or joins the
            platform on this machine. ``url`` wins.
        authentication_idp: The saved login to use instead of the active one, "srcnet" for
            instance; else ``CANFAR_AUTHENTICATION_IDP``.

    Raises:
        ConfigurationError: There is no server to use, or a setting makes no sense.
        NotLoggedIn: Nobody is logged in for the server that was chosen before, or by name.

    Example:
        >>> from canfar.client import HTTPClient
        >>> client = HTTPClient(url="https://ws-uv.canfar.net/skaha", token="s3cret")
        >>> client.url, client.identity.kind, client.timeout
        ('https://ws-uv.canfar.net/skaha/v1', 'token', 30.0)
    """

    def __init__(
        self,
        *,
        url: str | None = None,
        token: str | Path | None = None,
        certificate: str | Path | None = None,
        timeout: float | None = None,
        concurrency: int | None = None,
        config: Configuration | None = None,
        deadline: float | None = None,
        retry: RetryPolicy | None = None,
        server: str | None = None,
        authentication_idp: str | None = None,
    ) -> None:
        from canfar._connections import Api, Connections
        from canfar._core.recent import Recent
        from canfar._drive.reach import Reach
        from canfar.settings import resolve

        self._settings = resolve(
            url=url,
            server=server,
            token=token,
            certificate=certificate,
            authentication_idp=authentication_idp,
            timeout=timeout,
            concurrency=concurrency,
            config=config,
            deadline=deadline,
            retry=retry,
        )
        self._connections = Connections(self._settings)
        self._recent = Recent(monotonic)
        self._reach = Reach(
            api=Api(self._connections),
            concurrency=self._settings.concurrency,
            secrets=lambda: self._settings.secrets,
            adapt=self._connections.adapt,
        )

    @property
    def url(self) -> str:
        """The versioned base of the server."""
        return self._settings.url

    @property
    def identity(self) -> Identity:
        """Which credential goes to the server, and why that one."""
        return self._settings.identity

    @property
    def timeout(self) -> float:
        """Seconds for each phase of a request."""
        return self._settings.timeout

    @property
    def concurrency(self) -> int:
        """How many requests a bulk call has in flight."""
        return self._settings.concurrency

    @property
    def api(self) -> Client:
        """The generated client with this one's connections and credential.

        Pass it as ``client=`` to any function of :mod:`skaha_client.api`.
        """
        return self._reach.api

    @property
    def client(self) -> httpx.Client:
        """The httpx client below, for requests that nothing else makes."""
        return self._connections.client

    @property
    def asynclient(self) -> httpx.AsyncClient:
        """The httpx client below for the running event loop."""
        return self._connections.for_running_loop()

    def __repr__(self) -> str:
        kind = self.identity.kind
        how = "no credential" if kind == "anonymous" else kind
        return f"{type(self).__name__}({self.url!r}, {how})"


class SyncClient(HTTPClient):
    """A client whose methods return when they are done.

    It takes the same arguments as :class:`HTTPClient`.

    Example:
        >>> from canfar.client import SyncClient
        >>> from skaha_client.api.platform import list_repositories
        >>> with SyncClient() as client:
        ...     list_repositories.sync(client=client.api)
        ['images.canfar.net']
    """

    def _drive(self, plan: Plan[T], *, patient: bool = False) -> T:
        from canfar._drive.threads import drive

        return drive(plan, self._reach, None if patient else self._settings.deadline)

    def _each(self, plan: Plan[None]) -> Iterator[Any]:
        from canfar._drive.threads import each

        return each(plan, self._reach)

    def close(self) -> None:
        """Close the connections; the next call opens new ones.

        Example:
            >>> from canfar.sessions import Session
            >>> session = Session()
            >>> session.close()
        """
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncClient(HTTPClient):
    """A client for asyncio, whose methods are awaited. One serves any number of event loops.

    It takes the same arguments as :class:`HTTPClient`.

    Example:
        >>> from canfar.client import AsyncClient
        >>> from skaha_client.api.platform import list_repositories
        >>> async with AsyncClient() as client:
        ...     await list_repositories.asyncio(client=client.api)
        ['images.canfar.net']
    """

    async def _drive(self, plan: Plan[T], *, patient: bool = False) -> T:
        from canfar._drive.tasks import drive

        return await drive(plan, self._reach, None if patient else self._settings.deadline)

    def _each(self, plan: Plan[None]) -> AsyncIterator[Any]:
        from canfar._drive.tasks import each

        return each(plan, self._reach)

    async def aclose(self) -> None:
        """Close the connections of the running event loop; the next call opens new ones.

        Example:
            >>> from canfar.sessions import AsyncSession
            >>> session = AsyncSession()
            >>> await session.aclose()
        """
        await self._connections.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connections.close()
