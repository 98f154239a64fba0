"""A batch as it was last seen: its replicas, and how many are in which state."""

from __future__ import annotations

from attrs import frozen

__all__ = ["BatchStatus", "Replica"]


@frozen(kw_only=True)
class Replica:
    """One replica of a batch.

    Attributes:
        number: Its 1-based number, which it finds in ``REPLICA_ID``.
        name: The name of its sessions.
        id: Its latest session, or None when none was ever started.
        state: "not started", or the session's status as the server says it, "Gone" when the
            server knows it no longer and never said how it ended.
        attempts: Its sessions, the latest last.
        error: Why its latest session was not started, or an empty string.
    """

    number: int
    name: str
    id: str | None
    state: str
    attempts: tuple[str, ...] = ()
    error: str = ""


class BatchStatus(dict[str, int]):
    """How many replicas are in which state; prints as one line.

    Example:
        >>> from canfar.models.batch import BatchStatus
        >>> BatchStatus({"Completed": 97, "Failed": 3})
        100 replicas: 97 Completed, 3 Failed
    """

    def __repr__(self) -> str:
        count = sum(self.values())
        parts = ", ".join(f"{number} {state}" for state, number in self.items())
        return f"{count} replica{'' if count == 1 else 's'}: {parts or 'none'}"
