"""The connections of one client: made once, shared by all its threads and event loops' tasks."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Final, TypeAlias

from attrs import evolve
from skaha_client import Client

from canfar._http.clients import new_async_client, new_client

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator

    import httpx

    from canfar._core.steps import Reply
    from canfar.settings import Settings

    Keeper: TypeAlias = AsyncGenerator[None]
    Loop: TypeAlias = asyncio.AbstractEventLoop

NOT_FOUND: Final = 404

KEEPERS: Final[weakref.WeakKeyDictionary[Loop, set[Keeper]]] = weakref.WeakKeyDictionary()
"""Keeps the connections of each event loop open until they are closed or the loop ends."""


class Connections:
    """One httpx client for threads and one for each event loop, each made at first use.

    Args:
        settings: The server and the credential they are for.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._turned = False
        self._no_older = False
        self._client: httpx.Client | None = None
        self._by_loop: weakref.WeakKeyDictionary[Loop, tuple[httpx.AsyncClient, Keeper]] = (
            weakref.WeakKeyDictionary()
        )

    def adapt(self, reply: Reply) -> bool:
        """Turn to a server's ``/v0`` when it says that it knows no ``/v1``; True to ask again.

        Servers up to Skaha 0.29 have only ``/v0``, and answer what they do not know with a page of
        Tomcat's (protocol notes 1.1 and 9).
        """
        page = "html" in reply.headers.get("content-type", "").lower()
        if reply.status_code != NOT_FOUND or not page:
            return False
        root, _, version = self._settings.url.rpartition("/")
        with self._lock:
            if version == "v1" and not self._no_older:
                self._turn_to(f"{root}/v0")
            elif version == "v0" and reply.url.startswith(f"{root}/v0/") and self._turned:
                # Neither is known: the address is wrong, and errors are to name it as it was given.
                self._no_older = True
                self._turn_to(f"{root}/v1")
                return False
            return reply.url.startswith(f"{root}/v1/") and self._turned

    def _turn_to(self, url: str) -> None:
        self._settings.url = url
        self._settings.identity = evolve(self._settings.identity, server=url)
        self._turned = url.endswith("/v0")
        for client in [self._client, *(client for client, _ in self._by_loop.values())]:
            if client is not None:
                client.base_url = url

    @property
    def url(self) -> str:
        """The versioned base of the server, which may have turned out to be an older one."""
        return self._settings.url

    @property
    def client(self) -> httpx.Client:
        """The httpx client that all threads share."""
        with self._lock:
            if self._client is None:
                self._client = new_client(self._settings)
            return self._client

    def for_running_loop(self) -> httpx.AsyncClient:
        """Return the httpx client of the running event loop; its connections work in no other."""
        import asyncio  # noqa: PLC0415 - whoever has a loop has loaded it; threads never need it

        loop = asyncio.get_running_loop()
        with self._lock:
            if loop not in self._by_loop:
                client, transport = new_async_client(self._settings)
                keeper = _keep_open(transport, loop)
                self._by_loop[loop] = client, keeper
                weakref.finalize(client, _close_soon, keeper, weakref.ref(loop))
            return self._by_loop[loop][0]

    def close(self) -> None:
        """Close the threads' connections now and those of event loops as soon as they can."""
        with self._lock:
            client, self._client = self._client, None
            by_loop = list(self._by_loop.items())
            self._by_loop.clear()
        if client is not None:
            client.close()
        for loop, (_, keeper) in by_loop:
            _close_soon(keeper, weakref.ref(loop))

    async def aclose(self) -> None:
        """Close the connections of the running event loop and those of threads."""
        import asyncio  # noqa: PLC0415 - the same

        with self._lock:
            client, keeper = self._by_loop.pop(asyncio.get_running_loop(), (None, None))
        if keeper is not None:
            await keeper.aclose()
        if client is not None:
            await client.aclose()
        self.close()


def _keep_open(transport: httpx.AsyncBaseTransport, loop: Loop) -> Keeper:
    """Begin a generator that closes the transport when it is closed itself.

    An event loop that ends closes the generators begun in it, after all its tasks have ended: so
    people who use no `with` leave no socket open either.
    """

    async def keep() -> Keeper:
        try:
            yield
        finally:
            await transport.aclose()

    keeper = keep()
    step = keeper.asend(None)
    try:
        step.send(None)  # up to the yield, which waits for nothing
    except StopIteration:
        KEEPERS.setdefault(loop, set()).add(keeper)
    return keeper


def _close_soon(keeper: Keeper, loop_ref: weakref.ref[Loop]) -> None:
    loop = loop_ref()
    if loop is not None and loop.is_running():
        loop.call_soon_threadsafe(_close_in_task, keeper, loop)


def _close_in_task(keeper: Keeper, loop: Loop) -> None:
    async def close() -> None:
        await keeper.aclose()
        KEEPERS[loop].discard(keeper)

    task = loop.create_task(close())
    # Somebody has to hold the task while it runs; a loop that ends first closes the keeper itself.
    CLOSING.add(task)
    task.add_done_callback(CLOSING.discard)


CLOSING: Final[set[asyncio.Task[None]]] = set()


class Api(Client):
    """The generated client on connections that are shared and live on when it does not.

    Args:
        connections: The connections to use.
    """

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections.url)
        self._connections = connections

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._connections.url!r})"

    def get_httpx_client(self) -> httpx.Client:
        """Return the httpx client that all threads share."""
        return self._connections.client

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """Return the httpx client of the running event loop."""
        return self._connections.for_running_loop()
