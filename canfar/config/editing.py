"""Read the configuration file, and change it so that nothing is ever lost.

A change is made under a lock that all processes share, on the file as it is then, and appears all
at once. A crash at any moment leaves the old file or the new one, whole.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from canfar._drive.private_file import write_private
from canfar.config.document import Document, broken
from canfar.config.draft import Draft
from canfar.config.keyring_entries import reveal
from canfar.config.location import path as usual_path
from canfar.config.older import upgrade, version_of
from canfar.config.reading import read
from canfar.config.saved import Saved

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncGenerator, Generator

    from canfar.errors import ConfigurationFileError

__all__ = ["aedit", "edit", "load", "opened"]

PATIENCE: Final = 30.0
"""Seconds to wait while nobody gets anything done; each of many takes milliseconds."""

LOOK: Final = 0.02


def load(path: str | os.PathLike[str] | None = None) -> Saved:
    """Read the configuration file; one that isn't there holds nothing.

    Files of canfar 1.0 to 1.5 are read too; nothing is written.

    Args:
        path: The file; the usual one by default.

    Raises:
        ConfigurationFileError: It cannot be read, or makes no sense; the message names the line.

    Example:
        >>> from canfar import config
        >>> config.load("/nowhere/config.yaml").active.server is None
        True
    """
    file = Path(path) if path is not None else usual_path()
    text = _text(file)
    if not text:
        return Saved(path=file)
    document = Document(file, text)
    upgrade(document)
    return read(document, reveal)


def opened(path: str | os.PathLike[str] | None = None) -> Document:
    """Return the file's content as version 2 has it, to be shown; nothing is written.

    Args:
        path: The file; the usual one by default.
    """
    file = Path(path) if path is not None else usual_path()
    document = Document(file, _text(file))
    upgrade(document)
    return document


@contextmanager
def edit(path: str | os.PathLike[str] | None = None) -> Generator[Draft]:
    """Change the configuration file: what is done to the draft is written when the block ends.

    Nobody else can change the file meanwhile. An exception in the block leaves the file as it was.

    Args:
        path: The file; the usual one by default.

    Raises:
        ConfigurationFileError: It cannot be read or written, or would make no sense.

    Example:
        >>> from canfar import config
        >>> with config.edit() as draft:
        ...     draft.set("registry.username", "ada")
        >>> config.load().registry.username
        'ada'
    """
    file = _prepared(path)
    lock = _lock(file)
    queue = Queue(file)
    while not _acquired(lock):
        queue.look()
        time.sleep(LOOK)
    try:
        editing = Editing(file)
        yield editing.draft
        editing.write()
    finally:
        lock.release()


@asynccontextmanager
async def aedit(path: str | os.PathLike[str] | None = None) -> AsyncGenerator[Draft]:
    """For asyncio: change the configuration file; other tasks go on while it is waited for.

    Args:
        path: The file; the usual one by default.

    Raises:
        ConfigurationFileError: It cannot be read or written, or would make no sense.
    """
    file = _prepared(path)
    lock = _lock(file)
    queue = Queue(file)
    while not _acquired(lock):
        queue.look()
        await asyncio.sleep(LOOK)
    try:
        editing = Editing(file)
        yield editing.draft
        editing.write()
    finally:
        lock.release()


class Queue:
    """Those who wait for others to have changed the file.

    Args:
        file: The file.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen = _stamp(file)
        self._since = time.monotonic()

    def look(self) -> None:
        """See whether it moves.

        Raises:
            ConfigurationFileError: It has not for too long.
        """
        now, seen = time.monotonic(), _stamp(self._file)
        if seen != self._seen:
            self._seen, self._since = seen, now
        elif now - self._since > PATIENCE:
            raise broken(
                self._file,
                f"another program has had it to itself for {PATIENCE:.0f} seconds",
                None,
                "Try again when that is through.",
            )


class Editing:
    """One change of the file, while the lock is held.

    Args:
        file: The file.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._text = _text(file)
        self._document = Document(file, self._text)
        self._version = version_of(self._document)
        upgrade(self._document)
        self.draft = Draft(self._document)
        _ = self.draft.saved  # what makes no sense is mended by hand, not built upon

    def write(self) -> None:
        """Write what was changed, if anything was."""
        self.draft.finish()
        text = self._document.text()
        if text == self._text:
            return
        if self._version != "2" and self._text:
            old = self._file.with_name(f"{self._file.name}.bak-{self._version}")
            _replace(old, self._text)
        _replace(self._file, text)


def _prepared(path: str | os.PathLike[str] | None) -> Path:
    # Whoever keeps it elsewhere and links to it wants the link to stay.
    file = (Path(path) if path is not None else usual_path()).resolve()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _failed(file, error) from None
    return file


def _lock(file: Path) -> FileLock:
    return FileLock(file.with_name(f"{file.name}.lock"), mode=0o600, thread_local=False)


def _acquired(lock: FileLock) -> bool:
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    except OSError as error:
        raise _failed(Path(lock.lock_file), error) from None
    return True


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        seen = file.stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_ino


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise broken(file, "it holds something that is no text", line) from None
    except OSError as error:
        raise _failed(file, error) from None


def _replace(file: Path, text: str) -> None:
    try:
        write_private(file, text.encode())
    except OSError as error:
        raise _failed(file, error) from None


def _failed(file: Path, error: OSError) -> ConfigurationFileError:
    return broken(file, (error.strerror or str(error)).lower(), None)
