"""Follow a log that grows, on a clock that jumps over the pauses.

`python measure_follow.py URL` prints the bytes of the log that were sent, the requests, the lines,
the seconds of processor time and the MiB that memory grew by.
"""

from __future__ import annotations

import json
import sys
import time
from unittest.mock import patch
from urllib.request import urlopen

from gauges import counts, peak

from canfar.sessions import Session

SERVER = sys.argv[1]
now = 0.0


def sleep(seconds: float) -> None:
    """Let time pass at once, for the server too."""
    global now  # noqa: PLW0603 - it is a clock
    now += seconds
    urlopen(f"{SERVER}/clock/{now}").close()  # noqa: S310 - our own loopback URL


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
    counted = counts(SERVER)
    print(
        json.dumps(
            {
                "bytes": counted["bytes"],
                "requests": counted["requests"],
                "lists": counted["lists"],
                "lines": lines,
                "read": read,
                "cpu": used,
                "MiB": peak() - before,
            }
        )
    )


main()
