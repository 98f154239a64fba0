"""Time single and bulk calls, with canfar or with nothing but httpx: what a call costs by itself.

`python measure_cost.py canfar|httpx sync|asyncio URL SINGLE BULK CONCURRENCY` prints the seconds of
SINGLE calls for one session, one after the other, and of BULK calls for logs, several at a time.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

LIBRARY, COLOUR, SERVER = sys.argv[1:4]
SINGLE, BULK, CONCURRENCY = (int(number) for number in sys.argv[4:])
URL = f"{SERVER}/skaha/v1"
IDS = [f"s{number:07d}" for number in range(BULK)]
LOGS = [f"/session/{each}?view=logs" for each in IDS]
ONE = f"/session/{IDS[0]}"
TOKEN = "any"  # noqa: S105 - the loopback server asks for none
LIMITS = httpx.Limits(max_connections=CONCURRENCY, max_keepalive_connections=CONCURRENCY)
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


class Watch:
    """Notes how long each part took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.started = time.perf_counter()

    def lap(self, name: str) -> None:
        """Note the time since the last lap."""
        now = time.perf_counter()
        self.seconds[name] = now - self.started
        self.started = now


def threads() -> Watch:
    """Call canfar's Session."""
    from canfar.sessions import Session  # noqa: PLC0415 - the other measurements have no use for it

    session = Session(url=URL, token=TOKEN, concurrency=CONCURRENCY)
    session.info(IDS[0])
    watch = Watch()
    for _ in range(SINGLE):
        session.info(IDS[0])
    watch.lap("single")
    session.logs(IDS)
    watch.lap("bulk")
    return watch


async def tasks() -> Watch:
    """Call canfar's AsyncSession."""
    from canfar.sessions import AsyncSession  # noqa: PLC0415 - the same

    session = AsyncSession(url=URL, token=TOKEN, concurrency=CONCURRENCY)
    await session.info(IDS[0])
    watch = Watch()
    for _ in range(SINGLE):
        await session.info(IDS[0])
    watch.lap("single")
    await session.logs(IDS)
    watch.lap("bulk")
    return watch


def httpx_threads() -> Watch:
    """Send the same with one httpx client, shared by threads."""
    with httpx.Client(base_url=URL, headers=HEADERS, limits=LIMITS) as client:

        def get(url: str) -> str:
            return client.get(url).text

        get(ONE)
        watch = Watch()
        for _ in range(SINGLE):
            client.get(ONE).json()
        watch.lap("single")
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            list(pool.map(get, LOGS))
        watch.lap("bulk")
    return watch


async def httpx_tasks() -> Watch:
    """Send the same with one httpx client for asyncio, in as many tasks."""
    async with httpx.AsyncClient(base_url=URL, headers=HEADERS, limits=LIMITS) as client:
        await client.get(ONE)
        watch = Watch()
        for _ in range(SINGLE):
            (await client.get(ONE)).json()
        watch.lap("single")
        urls = iter(LOGS)

        async def work() -> list[str]:
            return [(await client.get(url)).text for url in urls]

        await asyncio.gather(*(work() for _ in range(CONCURRENCY)))
        watch.lap("bulk")
    return watch


def main() -> None:
    """Measure what was asked for."""
    if COLOUR == "sync":
        watch = threads() if LIBRARY == "canfar" else httpx_threads()
    else:
        watch = asyncio.run(tasks() if LIBRARY == "canfar" else httpx_tasks())
    print(json.dumps(watch.seconds))


main()
