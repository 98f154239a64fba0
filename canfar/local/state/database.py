"""The database of a state folder.

Every change is written at once, in a few hundredths of a millisecond, and survives the death of the
platform. After a power failure the last second may be missing, but what is there is whole.
"""

from __future__ import annotations

import sqlite3
from threading import Lock
from typing import TYPE_CHECKING, Final

from canfar.local.runner.guard import birth
from canfar.local.state.codec import from_text, to_text

if TYPE_CHECKING:
    from pathlib import Path

    from canfar.local.contract.session import Session

__all__ = ["Database"]

_VERSION: Final = 1
_TABLES: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS session (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS used (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS process (pid INTEGER PRIMARY KEY, birth TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Database:
    """Keeps what a platform must remember. Its methods may be called from any thread.

    Args:
        path: The file.

    Raises:
        OSError: Another version of canfar wrote it, or it is no such database.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        # Autocommit, and used from several threads, one at a time.
        self._link = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            (version,) = self._link.execute("PRAGMA user_version").fetchone()
            if version == 0:
                self._link.executescript(f"{_TABLES} PRAGMA user_version = {_VERSION};")
        except sqlite3.DatabaseError as error:
            self._link.close()
            raise self._unreadable(str(error)) from error
        if version not in (0, _VERSION):
            self._link.close()
            raise self._unreadable(f"its version is {version}")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._link.close()

    def sessions(self) -> list[Session]:
        """All sessions, in the order of their creation.

        Raises:
            OSError: Another version of canfar wrote them.
        """
        try:
            found = [from_text(text) for (text,) in self._rows("SELECT value FROM session")]
        except ValueError as error:
            raise self._unreadable(str(error)) from error
        return sorted(found, key=lambda session: (session.created_at, session.key))

    def used(self) -> list[str]:
        """Every key that was ever a session's."""
        return [str(key) for (key,) in self._rows("SELECT key FROM used")]

    def put(self, session: Session) -> None:
        """Keep a session in place of what has its key.

        Args:
            session: The session.
        """
        self._do("INSERT OR REPLACE INTO session VALUES (?, ?)", session.key, to_text(session))

    def use(self, key: str) -> None:
        """Remember that a key was a session's.

        Args:
            key: The key.
        """
        self._do("INSERT OR IGNORE INTO used VALUES (?)", key)

    def remove(self, key: str) -> None:
        """Forget a session.

        Args:
            key: Its key.
        """
        self._do("DELETE FROM session WHERE key = ?", key)

    def ready(self) -> None:
        """A command is about to begin; see :class:`canfar.local.runner.ledger.Ledger`."""

    def began(self, session_id: str, pid: int) -> None:
        """A command began; see :class:`canfar.local.runner.ledger.Ledger`."""
        del session_id
        self._do("INSERT OR REPLACE INTO process VALUES (?, ?)", pid, birth(pid))

    def ended(self, session_id: str, pid: int) -> None:
        """A command ended; see :class:`canfar.local.runner.ledger.Ledger`."""
        del session_id
        self._do("DELETE FROM process WHERE pid = ?", pid)

    def processes(self) -> list[tuple[int, str]]:
        """The commands that began and never ended: their process IDs and when they were born."""
        return [(int(pid), str(born)) for pid, born in self._rows("SELECT pid, birth FROM process")]

    def port(self) -> int:
        """The port that the platform had last, or 0."""
        rows = self._rows("SELECT value FROM setting WHERE name = 'port'")
        return int(rows[0][0]) if rows else 0

    def keep_port(self, port: int) -> None:
        """Remember the port.

        Args:
            port: The port.
        """
        self._do("INSERT OR REPLACE INTO setting VALUES ('port', ?)", str(port))

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        with self._lock:
            rows: list[tuple[str, ...]] = self._link.execute(query).fetchall()
        return rows

    def _do(self, statement: str, *values: str | int) -> None:
        with self._lock:
            self._link.execute(statement, values)

    def _unreadable(self, why: str) -> OSError:
        return OSError(f"{self._path} isn't a state that this canfar can read: {why}")
