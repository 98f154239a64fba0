"""Limits on a process and what it starts, where the operating system has them: on Linux.

On the real platform a container that needs more memory than its limit is killed. Here the
:mod:`meter <canfar.local.runner.meter>` sees to that for all processes of a session together. The
limit that the operating system sets is for each process by itself, and twice as high, because it
counts memory that was asked for rather than used; it keeps a program that takes memory faster than
the meter looks from taking all of it. It is set a moment after the process has begun: before, there
is no safe way in a program that has threads. Processor time is limited to what the session could
use up with all of its cores in all of its life. How many cores it uses at a time isn't limited.
"""

from __future__ import annotations

import sys
from contextlib import suppress

__all__ = ["limit"]


def limit(pid: int, memory: int, cpu_seconds: int) -> None:
    """Limit a process that has just begun.

    Args:
        pid: Its process ID.
        memory: What its session may use, in bytes; 0 is no limit.
        cpu_seconds: The processor time that it may use, in seconds; 0 is no limit.
    """
    if sys.platform != "linux":
        return
    import resource  # noqa: PLC0415 - not everywhere

    for kind, most in ((resource.RLIMIT_DATA, 2 * memory), (resource.RLIMIT_CPU, cpu_seconds)):
        # It may have ended already, or be somebody else's by now, as sudo's children are.
        with suppress(OSError, ValueError):
            _, allowed = resource.prlimit(pid, kind)
            if most and (allowed == resource.RLIM_INFINITY or most < allowed):
                resource.prlimit(pid, kind, (most, most))
