"""Processes that left their session's process group, found by what they can't leave behind.

Every process of a session has the platform's ``skaha_hostname`` in its environment, which names a
port and so one platform. Only Linux shows other processes' environments.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

__all__ = ["end_strays"]


def end_strays(host: str, processes: Path = Path("/proc")) -> int:
    """End every process that belongs to a platform.

    Args:
        host: The platform's host and port.
        processes: The folder with a folder for each process.

    Returns:
        How many there were.
    """
    marker = f"skaha_hostname={host}".encode()
    ended = 0
    for folder in processes.glob("[0-9]*"):
        with suppress(OSError):
            if marker in (folder / "environ").read_bytes().split(b"\0"):
                os.kill(int(folder.name), signal.SIGKILL)
                ended += 1
    return ended
