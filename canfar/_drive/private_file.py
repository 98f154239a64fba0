"""Write a file that is there whole or not at all, and that nobody else can read."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

__all__ = ["write_private"]


def write_private(path: Path, content: bytes) -> None:
    """Write a file with mode 0600 under its name once it is complete and on the disk.

    Args:
        path: The file; its folder is made, for its owner only, if it is not there.
        content: What it is to hold.

    Raises:
        OSError: It cannot be written; what was there before is there still.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Nobody but its owner can read a temporary file, from its first byte on.
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as new:
        try:
            new.write(content)
            new.flush()
            os.fsync(new.fileno())
            Path(new.name).replace(path)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise
    if os.name == "posix":
        # The new name is to survive a crash too; elsewhere folders cannot be opened.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
