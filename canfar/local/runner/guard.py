"""Ends what a platform leaves behind when it can't do so itself, as after a SIGKILL.

The file is imported by the platform and also run as a small program of its own beside it (see
:mod:`canfar.local.runner.guardian`), so it needs nothing but a few modules of the standard library.

Processes are told by two things that can't be mistaken. The platform notes the process ID of every
command with the moment at which it was born, so that a recycled ID is never taken for it. And on
Linux, which shows the environment of one's own processes, whatever carries a ``skaha_sessionid``
and lives below the platform's folder belongs to it, even after leaving its process group.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

__all__ = ["birth", "end_group", "end_strays", "process_ids", "read", "watch"]

PROCESSES = "/proc"
_BOOT = "/proc/sys/kernel/random/boot_id"
_LOOK_SECONDS = 0.5
_SWEEP_SECONDS = 0.05
_SWEEPS = 40
_NAMED = (b"HOME", b"PWD", b"PATH")
_SESSION = b"skaha_sessionid"
_START_FIELD = 19


def birth(pid: int) -> str:
    """When a process was born, as text that only ever compares equal to itself; empty if unknown.

    Args:
        pid: The process ID.
    """
    if os.path.exists(_BOOT):  # noqa: PTH110 - pathlib would take longer to import than all of this
        try:
            # What stands in brackets is the program's name, which may hold anything.
            fields = read(f"{PROCESSES}/{pid}/stat").rpartition(b")")[2].split()
            return f"{read(_BOOT).decode().strip()} {int(fields[_START_FIELD])}"
        except (OSError, IndexError, ValueError):
            return ""
    command = ("/bin/ps", "-o", "lstart=", "-p", str(int(pid)))
    with suppress(OSError):
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - fixed words
        return done.stdout.decode(errors="replace").strip()
    return ""


def end_group(pid: int, born: str) -> bool:
    """End a process group, if its leader is still the process that it was.

    Args:
        pid: The leader's process ID.
        born: When the leader was born, as :func:`birth` told.

    Returns:
        Whether it was still there.
    """
    if not born or birth(pid) != born:
        return False
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    return True


def end_strays(root: str, sessions: Container[str] | None = None) -> int:
    """End every process of a platform, wherever it has gone. Only Linux can tell.

    Args:
        root: The platform's folder.
        sessions: The IDs of the sessions whose processes are meant; None means all of them.

    Returns:
        How many there were.
    """
    ended = 0
    for pid in process_ids():
        with suppress(OSError):
            environment = read(f"{PROCESSES}/{pid}/environ")
            if _SESSION not in environment:
                continue
            owner = session_of(environment.split(b"\0"), root)
            if owner is not None and (sessions is None or owner in sessions):
                os.kill(pid, signal.SIGKILL)
                ended += 1
    return ended


def session_of(environment: Iterable[bytes], root: str) -> str | None:
    """The ID of the session that a process belongs to, told by its environment.

    Args:
        environment: The variables, each as ``name=value``.
        root: The platform's folder. Processes of other platforms belong to none.
    """
    variables: dict[bytes, bytes] = {}
    for entry in environment:
        name, _, value = entry.partition(b"=")
        variables[name] = value
    inside = os.fsencode(root) + b"/"
    if _SESSION in variables and any(inside in variables.get(name, b"") for name in _NAMED):
        return variables[_SESSION].decode(errors="replace")
    return None


def watch(root: str, *, remove: bool, news: int, parent: int) -> None:
    """Wait for the platform to die, then end what it left.

    Args:
        root: The platform's folder.
        remove: Whether the folder goes too.
        news: A descriptor on which the platform tells of its commands, a line each: ``+ ID BIRTH``
            for one that began, ``- ID`` for one that ended. Its end is the platform's.
        parent: The platform's process ID.
    """
    groups: dict[int, str] = {}
    for line in _lines(news, parent):
        sign, _, rest = line.partition(" ")
        number, _, born = rest.partition(" ")
        if sign == "+":
            groups[int(number)] = born
        else:
            groups.pop(int(number), None)
    for pid, born in groups.items():
        end_group(pid, born)
    # Again until nothing is found: one may have been on its way to its first instruction.
    clean = 0
    for _ in range(_SWEEPS):
        clean = 0 if end_strays(root) else clean + 1
        if clean > 1:
            break
        time.sleep(_SWEEP_SECONDS)
    if remove:
        import shutil  # noqa: PLC0415 - the common case is a guard that never needs it

        shutil.rmtree(root, ignore_errors=True)


def _lines(news: int, parent: int) -> Iterator[str]:
    """The complete lines that come, until no more can."""
    pending = b""
    while True:
        ready, _, _ = select.select([news], [], [], _LOOK_SECONDS)
        if not ready:
            # A process that the platform forked may hold the other end open.
            if os.getppid() != parent:
                return
            continue
        piece = os.read(news, 1 << 16)
        if not piece:
            return
        *complete, pending = (pending + piece).split(b"\n")
        for line in complete:
            yield line.decode()


def process_ids() -> list[int]:
    """The IDs of all processes; none where there is no ``/proc``."""
    try:
        names = os.listdir(PROCESSES)  # noqa: PTH208 - see birth()
        return [int(name) for name in names if name.isdigit()]
    except OSError:
        return []


def read(path: str) -> bytes:
    """What a file says."""
    with open(path, "rb") as file:  # noqa: PTH123 - see birth()
        return file.read()


if __name__ == "__main__":
    watch(sys.argv[1], remove=sys.argv[2] == "remove", news=0, parent=int(sys.argv[3]))
