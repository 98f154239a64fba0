"""Time one bulk call with many requests in flight; canfar 1.5.2 has the same method.

`python measure_rate.py sync|asyncio URL REQUESTS CONCURRENCY` prints the seconds, and how many
connections the server saw opened.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from gauges import counts

from canfar.sessions import AsyncSession, Session

COLOUR, SERVER = sys.argv[1:3]
REQUESTS, CONCURRENCY = int(sys.argv[3]), int(sys.argv[4])
URL = f"{SERVER}/skaha/v1"
TOKEN = "any"  # noqa: S105 - the loopback server asks for none
IDS = [f"s{number:07d}" for number in range(REQUESTS)]


def threads() -> float:
    """Time the call of Session."""
    session = Session(url=URL, token=TOKEN, concurrency=CONCURRENCY)
    session.logs(IDS[:1])
    started = time.perf_counter()
    answers = session.logs(IDS)
    seconds = time.perf_counter() - started
    assert len(answers) == REQUESTS  # noqa: S101 - less would be quicker
    return seconds


async def tasks() -> float:
    """Time the call of AsyncSession."""
    session = AsyncSession(url=URL, token=TOKEN, concurrency=CONCURRENCY)
    await session.logs(IDS[:1])
    started = time.perf_counter()
    answers = await session.logs(IDS)
    seconds = time.perf_counter() - started
    assert len(answers) == REQUESTS  # noqa: S101 - less would be quicker
    return seconds


def main() -> None:
    """Measure in the colour asked for."""
    counts(SERVER)
    seconds = threads() if COLOUR == "sync" else asyncio.run(tasks())
    print(json.dumps({"logs": seconds} | counts(SERVER)))


main()
