"""Time bulk calls of canfar, this one or 1.5.2: both have the same methods.

`python measure_bulk.py sync|asyncio URL` prints seconds per operation and what the server
counted.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import TYPE_CHECKING, Any

from gauges import counts

from canfar.sessions import AsyncSession, Session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Call = Callable[[], Any]

COLOUR, SERVER = sys.argv[1:]
URL = f"{SERVER}/skaha/v1"
TOKEN = "any"  # noqa: S105 - the loopback server asks for none
IMAGE = "images.canfar.net/skaha/astroml:latest"


def measure(session: Session | AsyncSession, do: Callable[[Call], Any]) -> dict[str, Any]:
    """Time each operation once, in the order of a batch's life; count all connections."""
    counts(SERVER)
    ids = [record["id"] for record in do(session.fetch)]
    operations: dict[str, Call] = {
        "create": lambda: session.create("bench", IMAGE, cmd="true", replicas=len(ids)),
        "info": lambda: session.info(ids),
        "logs": lambda: session.logs(ids),
        "destroy": lambda: session.destroy(ids),
    }
    results: dict[str, Any] = {}
    for name, operation in operations.items():
        started = time.perf_counter()
        answers = do(operation)
        seconds = time.perf_counter() - started
        if len(answers) != len(ids):
            sys.exit(f"{name}: {len(answers)} answers for {len(ids)} sessions")
        if name == "destroy" and not all(answers.values()):
            sys.exit(f"destroy: {list(answers.values()).count(False)} are still there")
        results[name] = seconds
    return results | counts(SERVER)


def main() -> None:
    """Measure in the colour asked for."""
    if COLOUR == "sync":
        print(json.dumps(measure(Session(url=URL, token=TOKEN), lambda call: call())))
        return

    async def awaited(call: Callable[[], Awaitable[object]]) -> object:
        return await call()

    with asyncio.Runner() as runner:
        results = measure(
            AsyncSession(url=URL, token=TOKEN), lambda call: runner.run(awaited(call))
        )
    print(json.dumps(results))


main()
