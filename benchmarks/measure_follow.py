"""Follow a log that grows, on a clock that jumps over the pauses.

`python measure_follow.py URL` prints the bytes of the log that were sent, the requests, the lines,
the seconds of processor time and the MiB that memory grew by.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from unittest.mock import patch
from urllib.request import urlopen

from canfar.sessions import Session

SERVER = sys.argv[1]
KIB = 1 if sys.platform == "darwin" else 2**10
now = 0.0


def get(path: str) -> bytes:
    """Ask the server for something that is no part of Skaha."""
    with urlopen(f"{SERVER}{path}") as reply:  # noqa: S310 - our own loopback URL
        body: bytes = reply.read()
    return body


def sleep(seconds: float) -> None:
    """Let time pass at once, for the server too."""
    global now  # noqa: PLW0603 - it is a clock
    now += seconds
    get(f"/clock/{now}")


def peak() -> float:
    """Return the highest memory use so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB / 2**20


def main() -> None:
    """Measure."""
    session = Session(url=f"{SERVER}/skaha/v1", token="any")  # noqa: S106 - it asks for none
    session.fetch()
    before, began = peak(), time.process_time()
    lines = read = 0
    with (
        patch("canfar._drive.threads.sleep", sleep),
        patch("canfar.sessions.monotonic", lambda: now),
    ):
        for _, line in session.follow("long0000"):
            lines += 1
            read += len(line) + 1
    used = time.process_time() - began
    counts = json.loads(get("/counts"))
    print(
        json.dumps(
            {
                "bytes": counts["bytes"],
                "requests": counts["requests"],
                "lists": counts["lists"],
                "lines": lines,
                "read": read,
                "cpu": used,
                "MiB": peak() - before,
            }
        )
    )


main()
