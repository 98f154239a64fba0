"""The store that lasts: as fast to read as the one in memory, and every change is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar.local.contract.store import Store

if TYPE_CHECKING:
    from canfar.local.contract.session import Session
    from canfar.local.state.database import Database

__all__ = ["SavedStore"]


class SavedStore(Store):
    """The sessions of a platform, those of its earlier lives included.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        super().__init__()
        for session in database.sessions():
            super().put(session)
        self._used.update(database.used())
        self._database = database

    def put(self, session: Session) -> None:
        """Add a session or app, or replace what has its key."""
        if session.key not in self:
            self._database.use(session.key)
        self._database.put(session)
        super().put(session)

    def remove(self, key: str) -> None:
        """Forget a session or app, if it is there."""
        self._database.remove(key)
        super().remove(key)
