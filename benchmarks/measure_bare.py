"""Time the same number of requests with nothing but an HTTP library: the limit.

`python measure_bare.py httpx-threads|httpx-asyncio|aiohttp URL REQUESTS CONCURRENCY`
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import aiohttp
import httpx

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

LIBRARY, SERVER = sys.argv[1:3]
REQUESTS, CONCURRENCY = int(sys.argv[3]), int(sys.argv[4])
URLS = [f"{SERVER}/skaha/v1/session/s{number:07d}?view=logs" for number in range(REQUESTS)]
LIMITS = httpx.Limits(max_connections=CONCURRENCY, max_keepalive_connections=CONCURRENCY)


def threads() -> float:
    """One httpx client shared by threads."""
    with httpx.Client(limits=LIMITS) as client, ThreadPoolExecutor(CONCURRENCY) as pool:

        def get(url: str) -> str:
            return client.get(url).text

        get(URLS[0])
        started = time.perf_counter()
        list(pool.map(get, URLS))
        return time.perf_counter() - started


async def workers(get: Callable[[str], Awaitable[str]]) -> float:
    """As many workers as requests may be under way, all fed from one iterator."""
    await get(URLS[0])
    started = time.perf_counter()
    urls = iter(URLS)

    async def work() -> None:
        for url in urls:
            await get(url)

    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
    return time.perf_counter() - started


async def with_httpx() -> float:
    """One httpx client with one connection pool."""
    async with httpx.AsyncClient(limits=LIMITS) as client:

        async def get(url: str) -> str:
            return (await client.get(url)).text

        return await workers(get)


async def with_aiohttp() -> float:
    """One aiohttp session."""
    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    async with aiohttp.ClientSession(connector=connector) as client:

        async def get(url: str) -> str:
            async with client.get(url) as reply:
                return await reply.text()

        return await workers(get)


def main() -> None:
    """Measure the library asked for."""
    if LIBRARY == "httpx-threads":
        seconds = threads()
    else:
        seconds = asyncio.run(with_aiohttp() if LIBRARY == "aiohttp" else with_httpx())
    print(json.dumps({"logs": seconds}))


main()
