"""Time what the local platform does for a request, without a socket in between.

`python measure_local_platform.py SESSIONS` prints seconds, in memory and with a state folder: of
creating one session, and of a list of so many (the best of ten: the rest is what the machine did
besides).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time

import httpx

from canfar.local import LocalPlatform

SESSIONS, LISTS = int(sys.argv[1]), 10
FORM = {"name": "bench", "image": "images.canfar.net/skaha/astroml:latest"}


def measure(state: str | None) -> dict[str, float]:
    """Create the sessions and list them, without a socket."""
    with LocalPlatform(serve=False, state=state) as platform:
        door = platform.transport()
        headers = {"Authorization": f"Bearer {platform.token}"}

        def ask(method: str, form: dict[str, str] | None = None) -> httpx.Response:
            request = httpx.Request(method, f"{door.url}/session", headers=headers, data=form)
            reply = door.handle_request(request)
            if reply.status_code != httpx.codes.OK:
                sys.exit(f"{method}: {reply.read().decode()}")
            return reply

        started = time.perf_counter()
        for _ in range(SESSIONS):
            ask("POST", FORM)
        create = (time.perf_counter() - started) / SESSIONS
        if len(json.loads(ask("GET").read())) != SESSIONS:
            sys.exit("the list doesn't hold every session")
        times: list[float] = []
        for _ in range(LISTS):
            started = time.perf_counter()
            ask("GET")
            times.append(time.perf_counter() - started)
    return {"create": create, "list": min(times)}


def main() -> None:
    """Measure both ways."""
    memory = measure(None)
    with tempfile.TemporaryDirectory() as folder:
        kept = measure(folder)
    print(json.dumps(memory | {f"{name}, kept": seconds for name, seconds in kept.items()}))


main()
