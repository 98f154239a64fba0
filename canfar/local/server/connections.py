"""The TCP connections: counted, and cut when a fault wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

    from starlette.types import Receive, Scope

__all__ = ["Connections", "counting_protocol"]


class Connections:
    """The connections of one platform, by the addresses of their other ends.

    Attributes:
        closing: Whether the server is about to stop, and nothing waits any more.
    """

    def __init__(self) -> None:
        self.closing = False
        self._accepted = 0
        self._open: dict[tuple[str, int], tuple[int, asyncio.Transport]] = {}

    @property
    def accepted(self) -> int:
        """How many were ever opened."""
        return self._accepted

    @property
    def open(self) -> int:
        """How many are open now."""
        return len(self._open)

    def opened(self, transport: asyncio.Transport) -> None:
        """A connection was opened."""
        self._accepted += 1
        peer = _peer(transport)
        if peer is not None:
            self._open[peer] = (self._accepted, transport)

    def closed(self, transport: asyncio.Transport) -> None:
        """A connection was closed."""
        peer = _peer(transport)
        # The address may be somebody else's by now.
        if peer is not None and self._open.get(peer, (0, None))[1] is transport:
            del self._open[peer]

    def number(self, scope: Scope) -> int:
        """The number of a request's connection, from 1; 0 when it is gone already."""
        found = self._open.get(_client(scope))
        return 0 if found is None else found[0]

    async def cut(self, scope: Scope, receive: Receive) -> None:
        """Close a request's connection; what was sent before is sent.

        Args:
            scope: The request's.
            receive: The request's.
        """
        found = self._open.get(_client(scope))
        if found is not None:
            found[1].close()
        # Not before the server has noticed: it would answer 500 for an application that doesn't.
        while (await receive())["type"] != "http.disconnect":
            pass


def counting_protocol(connections: Connections) -> type[H11Protocol]:
    """The HTTP/1.1 of uvicorn, telling about its connections.

    Args:
        connections: Who is told.
    """

    class CountingProtocol(H11Protocol):
        """One connection."""

        def connection_made(  # type: ignore[override]
            self, transport: asyncio.Transport
        ) -> None:
            connections.opened(transport)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.closed(self.transport)
            super().connection_lost(exc)

    return CountingProtocol


def _peer(transport: asyncio.Transport) -> tuple[str, int] | None:
    address = transport.get_extra_info("peername")
    # None when the other end has gone again already.
    return None if address is None else (str(address[0]), int(address[1]))


def _client(scope: Scope) -> tuple[str, int]:
    host, port = scope["client"]
    return str(host), int(port)
