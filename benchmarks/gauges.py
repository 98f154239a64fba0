"""What several measurements read: what the loopback server counted, and memory.

Every environment that is measured imports it, so it needs nothing but Python.
"""

from __future__ import annotations

import json
import resource
import sys
import urllib.request

_KIB = 1 if sys.platform == "darwin" else 2**10


def counts(server: str) -> dict[str, int]:
    """Ask the server at this URL for its counts."""
    with urllib.request.urlopen(f"{server}/counts") as reply:  # noqa: S310 - our own loopback URL
        counted: dict[str, int] = json.load(reply)
    return counted


def peak() -> float:
    """Return the highest memory use of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB / 2**20
