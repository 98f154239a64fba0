"""Spread requests over connections, because httpx slows down with many of them in one pool."""

from __future__ import annotations

import ssl
import threading
from collections import deque
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence


class Spread(httpx.BaseTransport):
    """Sends each request through a pool of one connection that no other request is in.

    Requests wait here for a connection, first come, first served, and not in the pools: where
    threads wait in one, httpcore 1.0 may close a connection whose reply is under way (its issue
    1110), and looks through all that wait for each that comes.

    Args:
        pools: The transports to spread requests over.
    """

    def __init__(self, pools: Sequence[httpx.BaseTransport]) -> None:
        self._pools = pools
        self._idle = list(range(len(pools)))
        self._waiting: deque[SimpleQueue[int]] = deque()
        self._lock = threading.Lock()
        self._retired = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through a pool of its own, as soon as there is one."""
        index = self._take(request)
        try:
            response = self._pools[index].handle_request(request)
        except BaseException:
            self._done(index)
            raise
        response.stream = _Counted(response.stream, lambda: self._done(index))  # type: ignore[arg-type]  # a sync transport gives a sync stream
        return response

    def _take(self, request: httpx.Request) -> int:
        with self._lock:
            if self._idle:
                # The first one, so that calls one after the other use one connection.
                index = min(self._idle)
                self._idle.remove(index)
                return index
            mine: SimpleQueue[int] = SimpleQueue()
            self._waiting.append(mine)
        try:
            return mine.get(timeout=_longest_wait(request))
        except BaseException as error:
            with self._lock:
                given = mine not in self._waiting
                if not given:
                    self._waiting.remove(mine)
            if given:
                # In this very moment.
                self._done(mine.get())
            if isinstance(error, Empty):
                raise _in_use(request) from None
            raise

    def _done(self, index: int) -> None:
        with self._lock:
            if not self._retired:
                self._pass_on(index)
                return
        try:
            self._pools[index].close()
        finally:
            with self._lock:
                self._pass_on(index)

    def _pass_on(self, index: int) -> None:
        if self._waiting:
            self._waiting.popleft().put(index)
        else:
            self._idle.append(index)

    def retire(self) -> None:
        """Close every pool, those in use when their replies are through."""
        with self._lock:
            self._retired = True
            idle = list(self._idle)
        for index in idle:
            self._pools[index].close()

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
        return iter(self._stream)

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
        import asyncio  # noqa: PLC0415 - whoever has a loop has loaded it; threads never need it

        self._pools = pools
        self._idle = list(range(len(pools)))
        self._free = asyncio.BoundedSemaphore(len(pools))
        self._retired = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through a pool of its own, as soon as there is one."""
        index = await self._take(request)
        try:
            response = await self._pools[index].handle_async_request(request)
        except ssl.SSLError as error:
            await self._done(index)
            # Without this an alert after the handshake is no error of httpx's with asyncio.
            raise httpx.ReadError(str(error), request=request) from error
        except BaseException:
            await self._done(index)
            raise
        response.stream = _AsyncCounted(response.stream, lambda: self._done(index))  # type: ignore[arg-type]  # an asyncio transport gives an asyncio stream
        return response

    async def _take(self, request: httpx.Request) -> int:
        import asyncio  # noqa: PLC0415 - the same

        try:
            async with asyncio.timeout(_longest_wait(request)):
                await self._free.acquire()
        except TimeoutError:
            raise _in_use(request) from None
        index = min(self._idle)
        self._idle.remove(index)
        return index

    async def _done(self, index: int) -> None:
        try:
            if self._retired:
                await self._pools[index].aclose()
        finally:
            self._idle.append(index)
            self._free.release()

    async def retire(self) -> None:
        """Close every pool, those in use when their replies are through."""
        self._retired = True
        for index in list(self._idle):
            await self._pools[index].aclose()

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

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._stream.__aiter__()

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            await self._done()


def _longest_wait(request: httpx.Request) -> float | None:
    """Return how many seconds a request may wait for a connection, None for any."""
    seconds: float | None = request.extensions.get("timeout", {}).get("pool")
    return seconds


def _in_use(request: httpx.Request) -> httpx.PoolTimeout:
    return httpx.PoolTimeout(
        f"all connections to it were in use for {_longest_wait(request):g} s", request=request
    )
