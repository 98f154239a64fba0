"""uvicorn in a thread of this process, on loopback and nowhere else."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import uvicorn

from canfar.local.server.connections import Connections, counting_protocol

if TYPE_CHECKING:
    from starlette.types import ASGIApp

__all__ = ["BackgroundServer", "listen", "open_door"]

LOOPBACK: Final = "127.0.0.1"
_BACKLOG: Final = 2048
_KEEP_ALIVE_SECONDS: Final = 75
_GRACEFUL_SECONDS: Final = 1
_LOOK_SECONDS: Final = 0.002
_ROUNDS_TO_BE_KNOWN: Final = 5
"""Rounds of the event loop after which a connection that it accepted is among the server's."""


def listen(port: int) -> socket.socket:
    """Open the door, on loopback.

    Args:
        port: The port; 0 takes a free one.

    Raises:
        OSError: The port is taken.
    """
    # The protocol is named because asyncio turns Nagle's algorithm off only where it is: with it,
    # each reply would wait 40 ms for the client's acknowledgement of its first half.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # So that a platform can be started again on the port it has just left.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((LOOPBACK, port))
        door.listen(_BACKLOG)
    except OSError:
        door.close()
        raise
    return door


def open_door(port: int, last: int) -> socket.socket:
    """Open the door where it was last, unless a port is asked for or somebody took that one.

    Args:
        port: The port; 0 means that any will do.
        last: The port to try first then; 0 when there is none.

    Raises:
        OSError: The port that was asked for is taken.
    """
    if port == 0 and last:
        with suppress(OSError):
            return listen(last)
    return listen(port)


class _Server(uvicorn.Server):
    """Says when it is ready, and when it never will be."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = Event()
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.settled.set()

    async def main_loop(self) -> None:
        """Do once a second what uvicorn does ten times, and end without waiting for the next."""
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 10
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), 1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the door, let replies that are on their way arrive, then close what is left.

        uvicorn's own would sleep a tenth of a second first, which every test that has a platform of
        its own would pay for.
        """
        del sockets  # closed by whoever opened them
        doors = [door for server in self.servers for door in server.sockets]
        for door in doors:
            asyncio.get_running_loop().remove_reader(door)
        # asyncio forgets, and leaves open, what it accepted just before its server is closed.
        for _ in range(_ROUNDS_TO_BE_KNOWN):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        state = self.server_state
        for connection in tuple(state.connections):
            connection.shutdown()
        end = time.monotonic() + _GRACEFUL_SECONDS
        # uvicorn has no event to wait for.
        while (state.connections or state.tasks) and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_SECONDS)
        for task in tuple(state.tasks):
            task.cancel()
        for connection in tuple(state.connections):
            connection.transport.abort()
        # A task sees its cancellation, and a transport that it is closed, in the next round.
        await asyncio.sleep(_LOOK_SECONDS)

    def tell_to_end(self) -> None:
        """End it, from another thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended already
                self._loop.call_soon_threadsafe(self._told.set)


class BackgroundServer:
    """Serves an application until it is stopped.

    Args:
        application: What is served.
        door: A listening socket.
        connections: Told of each connection.
    """

    def __init__(
        self, application: ASGIApp, door: socket.socket, connections: Connections | None = None
    ) -> None:
        self._connections = connections or Connections()
        config = uvicorn.Config(
            application,
            http=counting_protocol(self._connections),
            ws="none",
            loop="asyncio",
            lifespan="off",
            access_log=False,
            log_config=None,
            log_level="warning",
            server_header=False,
            date_header=False,
            # Longer than clients keep theirs, so that none is closed just as it is used again.
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        self._server = _Server(config)
        self._door = door
        self._failure: BaseException | None = None
        self._thread = Thread(target=self._serve, name="canfar-local-server", daemon=True)

    def start(self) -> None:
        """Return when requests are answered."""
        self._thread.start()
        self._server.settled.wait()
        if self._failure is not None:
            raise RuntimeError("canfar.local could not start its server") from self._failure

    def stop(self) -> None:
        """Return when no request is answered any more and the port is free."""
        self._connections.closing = True
        self._server.tell_to_end()
        if self._thread.ident is not None:
            self._thread.join()

    def _serve(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._door]))
        except BaseException as failure:  # noqa: BLE001 - told to whoever waits in start()
            self._failure = failure
        finally:
            self._server.settled.set()
