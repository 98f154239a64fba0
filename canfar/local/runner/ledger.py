"""Who is told of every process that begins and ends, so that none is ever forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Ledger", "Ledgers"]


class Ledger(Protocol):
    """Keeps count of the leaders of process groups. Called from any thread."""

    def ready(self) -> None:
        """A command is about to begin."""
        ...

    def began(self, session_id: str, pid: int) -> None:
        """A session's command began.

        Args:
            session_id: Whose it is.
            pid: Its process ID, which is its group's too.
        """
        ...

    def ended(self, session_id: str, pid: int) -> None:
        """It ended, with its group.

        Args:
            session_id: Whose it was.
            pid: Its process ID.
        """
        ...


class Ledgers:
    """Several ledgers as one.

    Args:
        ledgers: The ledgers, told in this order.
    """

    def __init__(self, ledgers: Iterable[Ledger] = ()) -> None:
        self._ledgers = tuple(ledgers)

    def ready(self) -> None:
        """A command is about to begin."""
        for ledger in self._ledgers:
            ledger.ready()

    def began(self, session_id: str, pid: int) -> None:
        """A command began."""
        for ledger in self._ledgers:
            ledger.began(session_id, pid)

    def ended(self, session_id: str, pid: int) -> None:
        """A command ended."""
        for ledger in self._ledgers:
            ledger.ended(session_id, pid)
