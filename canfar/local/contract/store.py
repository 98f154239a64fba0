"""Where the sessions are: in memory.

With a state folder, :class:`canfar.local.state.saved_store.SavedStore` keeps every change as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from canfar.local.contract.session import Session

__all__ = ["Store"]


class Store:
    """The sessions and apps of a platform, by their keys.

    Example:
        >>> "k3x9a0bz" in Store()
        False
    """

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        # Kept when sessions go: an ID that came back would mix two sessions' logs.
        self._used: set[str] = set()
        self._changed: set[str] = set()

    def __contains__(self, key: object) -> bool:
        """Whether a key was ever used."""
        return key in self._used

    def __iter__(self) -> Iterator[Session]:
        """Each session and app, deleted ones included while their processes end."""
        return iter(tuple(self._sessions.values()))

    def get(self, key: str) -> Session | None:
        """A session or app, or None."""
        return self._sessions.get(key)

    def put(self, session: Session) -> None:
        """Add a session or app, or replace what has its key."""
        self._used.add(session.key)
        self._changed.add(session.key)
        self._sessions[session.key] = session

    def take_changed(self) -> list[Session]:
        """What was put there since this was last asked, and is there still."""
        changed, self._changed = self._changed, set()
        return [self._sessions[key] for key in changed if key in self._sessions]

    def remove(self, key: str) -> None:
        """Forget a session or app, if it is there."""
        self._sessions.pop(key, None)
