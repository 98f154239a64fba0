"""Spread requests over connections, because httpx slows down with many of them in one pool."""

from __future__ import annotations

import ssl
import threading
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence


class Spread(httpx.BaseTransport):
    """Sends each request through the least busy of pools of one connection.

    Args:
        pools: The transports to spread requests over.
    """

    def __init__(self, pools: Sequence[httpx.BaseTransport]) -> None:
        self._pools = pools
        self._load = [0] * len(pools)
        self._lock = threading.Lock()
        self._retired = False

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
            over = self._retired and not self._load[index]
        if over:
            self._pools[index].close()

    def retire(self) -> None:
        """Close every pool, those in use when their replies are through."""
        with self._lock:
            self._retired = True
            idle = [pool for pool, load in zip(self._pools, self._load, strict=True) if not load]
        for pool in idle:
            pool.close()

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
        self._pools = pools
        self._load = [0] * len(pools)
        self._retired = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request through the pool with the fewest replies under way."""
        index = self._load.index(min(self._load))
        self._load[index] += 1
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

    async def _done(self, index: int) -> None:
        self._load[index] -= 1
        if self._retired and not self._load[index]:
            await self._pools[index].aclose()

    async def retire(self) -> None:
        """Close every pool, those in use when their replies are through."""
        self._retired = True
        for pool, load in zip(self._pools, self._load, strict=True):
            if not load:
                await pool.aclose()

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
