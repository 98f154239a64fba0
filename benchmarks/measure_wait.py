"""Wait for sessions for an hour of a clock that jumps over the pauses.

`python measure_wait.py sync|asyncio|bare|loop URL SESSIONS` prints how often was looked, the
requests for each look, the seconds of processor time for the hour, and the MiB that memory grew by.
`bare` is a list that httpx gets and json reads, for a few looks. `loop` is what people write:
`info` of every id, a pause of 15 seconds, again; it is timed for a few rounds and reckoned up to
the hour, because in full it takes many minutes.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any
from unittest.mock import patch

from gauges import counts, peak

COLOUR, SERVER, SESSIONS = sys.argv[1], sys.argv[2], int(sys.argv[3])
URL, TOKEN = f"{SERVER}/skaha/v1", "any"
HOUR, PAUSE, ROUNDS = 3600.0, 15.0, 3
LOOKS = 100
now = 0.0
pauses = 0


def sleep(seconds: float) -> None:
    """Let time pass at once."""
    global now, pauses  # noqa: PLW0603 - it is a clock
    now += seconds
    pauses += seconds > 0  # asyncio's own code sleeps for no time at all


async def asleep(seconds: float) -> None:
    """Let time pass at once, for asyncio."""
    sleep(seconds)


def report(began: float, before: float, polls: float, scale: float = 1.0) -> None:
    """Print what it took."""
    used = (time.process_time() - began) * scale
    grown = peak() - before
    asked = counts(SERVER)["requests"] / polls
    print(json.dumps({"cpu": used, "MiB": grown, "requests": asked, "polls": polls}))


def bare() -> None:
    """Measure the least that a look can cost with these libraries."""
    import httpx  # noqa: PLC0415 - before, nothing is loaded

    with httpx.Client() as client:
        client.get(f"{URL}/session")
        counts(SERVER)
        before, began = peak(), time.process_time()
        for _ in range(LOOKS):
            client.get(f"{URL}/session").json()
        report(began, before, LOOKS)


def loop() -> None:
    """Measure the loop that people write."""
    from canfar.sessions import Session  # noqa: PLC0415 - before, nothing of it is loaded

    session: Any = Session(url=URL, token=TOKEN)
    ids = [record["id"] for record in session.fetch()]
    counts(SERVER)
    before, began = peak(), time.process_time()
    for _ in range(ROUNDS):
        states = [record["status"] for record in session.info(ids)]
        if len(states) != SESSIONS:
            sys.exit(f"{len(states)} answers for {SESSIONS} sessions")
    report(began, before, ROUNDS, HOUR / PAUSE / ROUNDS)


def wait() -> None:
    """Measure a batch's wait."""
    from canfar.errors import WaitTimeout  # noqa: PLC0415 - only ours has it
    from canfar.sessions import AsyncSession, Session  # noqa: PLC0415 - before, nothing is loaded

    async def awaited() -> None:
        session = AsyncSession(url=URL, token=TOKEN)
        batch = await session.batch("bench")
        counts(SERVER)
        before, began = peak(), time.process_time()
        try:
            await batch.wait(timeout=HOUR)
        except WaitTimeout:
            report(began, before, pauses + 1)

    def plain() -> None:
        session = Session(url=URL, token=TOKEN)
        batch = session.batch("bench")
        counts(SERVER)
        before, began = peak(), time.process_time()
        try:
            batch.wait(timeout=HOUR)
        except WaitTimeout:
            report(began, before, pauses + 1)

    with (
        patch("canfar._drive.threads.sleep", sleep),
        patch("canfar.batches.monotonic", lambda: now),
        patch("asyncio.sleep", asleep),
    ):
        asyncio.run(awaited()) if COLOUR == "asyncio" else plain()


{"loop": loop, "bare": bare}.get(COLOUR, wait)()
