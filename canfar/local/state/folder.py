"""The folder that holds a platform's state, and the lock that keeps a second platform out."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from attrs import frozen

from canfar.local.runner.guard import birth

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LOG", "Occupant", "StateFolder", "StateInUseError", "kept_token", "occupant", "private"]

DATABASE: Final = "state.sqlite"
LOG: Final = "platform.log"
_LOCK: Final = "lock"
_TOKEN: Final = "token"  # noqa: S105 - a file's name
_OURS: Final = frozenset({_LOCK, _TOKEN, DATABASE})
_PATIENCE_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 0.02


class StateInUseError(OSError):
    """Another platform has the folder.

    Args:
        folder: The folder.
        process_id: The process of the other one, None where that is not known.
    """

    def __init__(self, folder: Path, process_id: int | None) -> None:
        whose = "another process" if process_id is None else f"process {process_id}"
        super().__init__(
            errno.EWOULDBLOCK,
            f"the state folder {folder} belongs to a local platform that runs already ({whose}); "
            "stop that one first, or give this one another folder",
        )
        self.process_id = process_id

    def __str__(self) -> str:
        """The sentence, without the number of the error."""
        return str(self.strerror)


@frozen
class Occupant:
    """The platform that has a folder.

    Attributes:
        process_id: Its process.
        url: Where it answers, as in ``http://127.0.0.1:40123/skaha/v1``; empty until it does.
    """

    process_id: int
    url: str = ""


class StateFolder:
    """A folder that this platform has to itself until it is released.

    Args:
        path: The folder, made if it isn't there.

    Raises:
        StateInUseError: Another platform has it.
        OSError: It can't be made or used, or is full of somebody's other files.
    """

    def __init__(self, path: Path) -> None:
        self.path = _prepare(path)
        self._lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._take()
            self._tell({"pid": os.getpid(), "birth": birth(os.getpid())})
        except BaseException:
            os.close(self._lock)
            raise

    @property
    def lock(self) -> int:
        """The descriptor of the lock; it is held for as long as a copy of this is open."""
        return self._lock

    @property
    def database(self) -> Path:
        """The database, private from the beginning."""
        return private(self.path / DATABASE)

    def keep_token(self, token: str) -> None:
        """Keep a token for the platform's next life, and for whoever reads the folder.

        Args:
            token: The token.
        """
        private(self.path / _TOKEN).write_text(f"{token}\n", "utf-8")

    def announce(self, url: str) -> None:
        """Tell others where the platform answers.

        Args:
            url: The versioned base URL.
        """
        self._tell({"pid": os.getpid(), "birth": birth(os.getpid()), "url": url})

    def release(self) -> None:
        """Leave the folder to the next."""
        with suppress(OSError):
            os.ftruncate(self._lock, 0)
        os.close(self._lock)

    def _take(self) -> None:
        """Take the lock; wait for the guard of a platform that died, which holds it too."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            holder = _read(self.path)
            if holder is not None:
                raise StateInUseError(self.path, holder.process_id)
            if time.monotonic() > end:
                raise StateInUseError(self.path, None)
            time.sleep(_LOOK_SECONDS)

    def _tell(self, facts: dict[str, object]) -> None:
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, json.dumps(facts).encode(), 0)


def occupant(path: Path) -> Occupant | None:
    """The platform that has a folder now, or None. Changes nothing there.

    Args:
        path: The folder.
    """
    try:
        descriptor = os.open(path / _LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        # Shared, so that two who only look don't take each other for a platform.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(path)
    finally:
        os.close(descriptor)
    return None


def kept_token(path: Path | None) -> str | None:
    """The token that a state folder holds, if there is a folder and it holds one.

    Args:
        path: The folder.
    """
    with suppress(FileNotFoundError, NotADirectoryError):
        if path is not None:
            return (path.expanduser() / _TOKEN).read_text("utf-8").strip() or None
    return None


def private(path: Path) -> Path:
    """A file that nobody else can read, made if it isn't there.

    Args:
        path: The file.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
    path.chmod(0o600)
    return path


def _prepare(path: Path) -> Path:
    path = path.expanduser()
    try:
        path.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        names = {entry.name for entry in path.iterdir()}
        if names and not names & _OURS:
            raise OSError(
                f"{path} holds other files and no state of a local platform; give a new folder"
            ) from None
        path.chmod(0o700)
    # Resolved, so that it is the same text that a process gets when it asks where it is.
    return path.resolve()


def _read(path: Path) -> Occupant | None:
    """Who wrote into the lock, if that process is still the same."""
    try:
        facts = json.loads((path / _LOCK).read_bytes())
        process_id = int(facts["pid"])
        alive = birth(process_id) == facts["birth"]
        return Occupant(process_id, str(facts.get("url", ""))) if alive else None
    except (OSError, ValueError, TypeError, KeyError):
        return None
