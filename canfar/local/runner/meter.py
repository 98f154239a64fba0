"""What running sessions use: memory and cores, read from ``/proc``; nowhere else is it known.

Memory is what the processes of a session have for themselves: not the pages of programs and files
that they share with others, nor shared memory. Cores are an average since the look before.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from attrs import define, field, frozen

from canfar.local.contract.engine import Usage
from canfar.local.runner import guard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["Leader", "Meter", "measure"]

_LOOK_SECONDS: Final = 0.5
_CLOSE_LOOK_SECONDS: Final = 0.05
_CLOSE: Final = 0.5
_LINUX: Final = sys.platform == "linux"
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
# Of /proc/ID/stat, counted from after the program's name.
_PARENT, _SESSION, _TIMES = 1, 3, slice(11, 15)


@frozen
class Leader:
    """The process that a session began with.

    Attributes:
        pid: Its process ID.
        memory: What the session may use, in bytes; 0 is no limit.
    """

    pid: int
    memory: int = 0


@frozen
class _Process:
    parent: int
    session: int
    ticks: int


@define
class _Reading:
    """What one look at a session told."""

    at: float
    memory: int = 0
    seconds: float = 0.0
    cores: float | None = field(default=None)


class Meter:
    """Looks at the running sessions twice a second, and more often where memory gets short.

    What belonged to a session and is still there after its end, because it left the session's
    process group, is ended at the next look.

    Args:
        root: The platform's folder.
        leaders: Tells which sessions run.
        exceeded: Told of a session that uses more memory than it may.
    """

    def __init__(
        self,
        root: Path,
        leaders: Callable[[], Mapping[str, Leader]],
        exceeded: Callable[[str], None],
    ) -> None:
        self._root = str(root)
        self._leaders = leaders
        self._exceeded = exceeded
        self._lock = Lock()
        self._readings: dict[str, _Reading] = {}
        self._ended: set[str] = set()
        self._wake = Event()
        self._closing = Event()
        self._thread = Thread(target=self._run, name="canfar-local-meter", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        if _LINUX:
            self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._closing.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def began(self) -> None:
        """There is something to look at."""
        self._wake.set()

    def ended(self, session_id: str) -> None:
        """A session has ended.

        Args:
            session_id: Its ID.
        """
        with self._lock:
            self._readings.pop(session_id, None)
            self._ended.add(session_id)
        self._wake.set()

    def usage(self, session_id: str) -> Usage | None:
        """What a session used at the last look; None until it was looked at twice.

        Args:
            session_id: Its ID.
        """
        with self._lock:
            reading = self._readings.get(session_id)
        if reading is None or reading.cores is None:
            return None
        return Usage(reading.memory, reading.cores)

    def _run(self) -> None:
        patience: float | None = None
        while not self._closing.is_set():
            if patience is None:
                self._wake.wait()
            else:
                self._closing.wait(patience)
            self._wake.clear()
            if not self._closing.is_set():
                patience = self._look()

    def _look(self) -> float | None:
        """Look once; return when to look again, in seconds, or None if nothing runs."""
        leaders = self._leaders()
        with self._lock:
            ended, self._ended = self._ended, set()
        if ended:
            guard.end_strays(self._root, ended)
        if not leaders:
            return None
        short = False
        for session_id, reading in measure(leaders).items():
            leader = leaders[session_id]
            with self._lock:
                if session_id in self._ended:
                    continue
                before = self._readings.get(session_id)
                if before is not None and reading.at > before.at:
                    used = max(0.0, reading.seconds - before.seconds)
                    reading.cores = used / (reading.at - before.at)
                self._readings[session_id] = reading
            if leader.memory and reading.memory > leader.memory:
                self._exceeded(session_id)
            short = short or bool(leader.memory and reading.memory > leader.memory * _CLOSE)
        return _CLOSE_LOOK_SECONDS if short else _LOOK_SECONDS


def measure(leaders: Mapping[str, Leader]) -> dict[str, _Reading]:
    """Add up what sessions use.

    A process belongs to a session if it is in its leader's session of the operating system, or if
    one of its ancestors is.

    Args:
        leaders: The sessions.
    """
    now = time.monotonic()
    readings = {session_id: _Reading(now) for session_id in leaders}
    owners: dict[int, str | None] = {one.pid: name for name, one in leaders.items()}
    processes = _processes()

    def owner(pid: int) -> str | None:
        if pid not in owners:
            process = processes.get(pid)
            # First, so that nothing goes round in circles.
            owners[pid] = None
            if process is not None:
                owners[pid] = owners.get(process.session) or owner(process.parent)
        return owners[pid]

    for pid, process in processes.items():
        name = owner(pid)
        if name is not None:
            readings[name].memory += _memory(pid)
            readings[name].seconds += process.ticks / _TICKS
    return readings


def _processes() -> dict[int, _Process]:
    found: dict[int, _Process] = {}
    for pid in guard.process_ids():
        with suppress(OSError, ValueError, IndexError):
            fields = guard.read(f"{guard.PROCESSES}/{pid}/stat").rpartition(b")")[2].split()
            # With those of the children that ended: what they used doesn't go away with them.
            ticks = sum(map(int, fields[_TIMES]))
            found[pid] = _Process(int(fields[_PARENT]), int(fields[_SESSION]), ticks)
    return found


def _memory(pid: int) -> int:
    with suppress(OSError, ValueError, IndexError):
        _, resident, shared, *_ = guard.read(f"{guard.PROCESSES}/{pid}/statm").split()
        return (int(resident) - int(shared)) * _PAGE
    return 0
