"""The temporary folder of a platform that is to remember nothing.

Its lock tells that somebody lives there. A platform that was killed before its first command had no
guard yet, so its folder, with nothing in it, is removed by the next platform that starts.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["TemporaryFolder"]

_PREFIX: Final = "canfar-local-"
_LOCK: Final = "lock"


class TemporaryFolder:
    """A new folder, for as long as it isn't removed."""

    def __init__(self) -> None:
        _remove_abandoned()
        # Resolved, so that it is the text that a process gets when it asks where it is.
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()
        self.lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        # It can't be held already, except for an instant by somebody who looks for abandoned ones.
        fcntl.flock(self.lock, fcntl.LOCK_SH)

    def remove(self) -> None:
        """Remove it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self.lock)


def _remove_abandoned() -> None:
    with suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX) and entry.is_dir(follow_symlinks=False):
                _remove_if_abandoned(Path(entry.path))


def _remove_if_abandoned(folder: Path) -> None:
    # Without a lock it is being made just now.
    with suppress(OSError):
        if folder.stat().st_uid != os.getuid():
            return
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # What was made while this one looked is locked a moment later, and empty until then.
            if any(entry.name != _LOCK for entry in folder.iterdir()):
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)
