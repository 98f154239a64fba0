"""The platform's end of its guard: a process that outlives it just long enough to clean up.

Python can't ask the operating system to end a command's children with the platform: Linux tells a
child of its parent's death, but not a grandchild. So a small program waits beside the platform for
the end of a pipe, whatever brings it, and ends everything that is left. It is started with the
first command, takes about 15 ms of one core and no time of the platform's.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from canfar.local.runner import guard

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Guardian"]


class Guardian:
    """Tells the guard what runs.

    Args:
        root: The platform's folder.
        remove: Whether the guard removes the folder when the platform dies.
        held: Descriptors that the guard holds open too: the lock of a state folder, so that
            nobody else gets it before the guard is done.
    """

    def __init__(self, root: Path, *, remove: bool, held: Iterable[int] = ()) -> None:
        self._root = root
        self._remove = remove
        self._held = tuple(held)
        self._lock = Lock()
        self._guard: subprocess.Popen[bytes] | None = None
        self._closed = False

    def ready(self) -> None:
        """A command is about to begin; see :class:`canfar.local.runner.ledger.Ledger`."""
        with self._lock:
            if self._guard is None and not self._closed:
                self._guard = self._start()

    def began(self, session_id: str, pid: int) -> None:
        """A command began; see :class:`canfar.local.runner.ledger.Ledger`."""
        del session_id
        self._tell(f"+ {pid} {guard.birth(pid)}\n")

    def ended(self, session_id: str, pid: int) -> None:
        """A command ended; see :class:`canfar.local.runner.ledger.Ledger`."""
        del session_id
        self._tell(f"- {pid}\n")

    def close(self) -> None:
        """Send the guard home: the platform has ended everything itself."""
        with self._lock:
            self._closed = True
            running, self._guard = self._guard, None
        if running is not None:
            # Before its pipe is closed, which it would take for the platform's end.
            running.kill()
            running.wait()
            if running.stdin is not None:
                running.stdin.close()

    def _tell(self, line: str) -> None:
        with self._lock:
            if self._guard is not None and self._guard.stdin is not None:
                # Somebody may have ended it. The commands matter more.
                with suppress(BrokenPipeError):
                    os.write(self._guard.stdin.fileno(), line.encode())

    def _start(self) -> subprocess.Popen[bytes]:
        what = "remove" if self._remove else "keep"
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", "-S", guard.__file__, str(self._root), what, str(os.getpid())],
            # Little of it, and no session's ID: another platform must not take it for its own.
            env={"PATH": os.defpath},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            pass_fds=self._held,
            start_new_session=True,
        )
