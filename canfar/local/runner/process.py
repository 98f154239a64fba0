"""One command, and everything it starts."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["NotStartedError", "Process"]

_CAN_PEEK: Final = hasattr(os, "waitid")


class NotStartedError(Exception):
    """A command that can't be started; the sentence says why."""


class Process:
    """A running command: the leader of a process group of its own.

    As in a container, whatever it started ends when it does.

    Args:
        argv: The command and its arguments. No shell reads them.
        environment: All of its variables.
        folder: Where it starts.
        log: The file that its output and its error output are appended to.

    Raises:
        NotStartedError: There is no such program, or it can't be run.
    """

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
    ) -> None:
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            self._popen = _popen(argv, environment, folder, log)
        except FileNotFoundError:
            reason = f'exec: "{argv[0]}": executable file not found in $PATH'
            raise NotStartedError(reason) from None
        except (OSError, ValueError) as error:
            problem = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise NotStartedError(f'exec: "{argv[0]}": {problem.lower()}') from None

    @property
    def pid(self) -> int:
        """The process ID, which is the group's ID too."""
        return self._popen.pid

    def has_ended(self) -> bool:
        """Whether the command has ended, without waiting for it."""
        if self._popen.returncode is not None:
            return True
        if not _CAN_PEEK:
            return self._popen.poll() is not None
        # Peeking leaves the process there, so that its ID can't belong to another group yet.
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        try:
            return os.waitid(os.P_PID, self.pid, flags) is not None
        except ChildProcessError:
            # Somebody else in this program waited for it.
            return True

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def reap(self) -> int:
        """End what is left of the group and return how the command ended.

        Call it once the command has ended, or it waits.
        """
        self.signal(signal.SIGKILL)
        return self._popen.wait()


def _popen(
    argv: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path
) -> subprocess.Popen[bytes]:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(  # noqa: S603 - running commands is what this is for
            argv,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
        )
    finally:
        os.close(descriptor)
