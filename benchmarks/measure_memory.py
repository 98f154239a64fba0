"""Inspect all sessions there are, keep the outcomes, and print how much memory that took.

`python measure_memory.py URL SESSIONS` prints MiB above what it was after a first call: held with
the outcomes, and the highest on the way.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from pathlib import Path

from gauges import peak

from canfar.sessions import Session

URL = f"{sys.argv[1]}/skaha/v1"
TOKEN = "any"  # noqa: S105 - the loopback server asks for none
SESSIONS = int(sys.argv[2])
PAGE = resource.getpagesize()


def now() -> float:
    """Return the memory use; where the system does not tell, the highest."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return peak()
    return int(statm.read_text("ascii").split()[1]) * PAGE / 2**20


def main() -> None:
    """Measure."""
    ids = [f"s{number:07d}" for number in range(SESSIONS)]
    session = Session(url=URL, token=TOKEN)
    session.info(ids[0])
    gc.collect()
    start = now()
    found = session.info(ids)
    gc.collect()
    held = now() - start
    assert len(found.outcomes) == len(found) == SESSIONS  # noqa: S101 - less would be lighter
    print(json.dumps({"held": held, "peak": peak() - start}))


main()
