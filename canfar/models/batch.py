"""A batch as it was last seen: its replicas, and how many are in which state."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from canfar.models.failure import Failure

__all__ = ["BatchStatus", "Progress", "Replica", "RunResult"]

Progress: TypeAlias = "bool | Callable[[BatchStatus], object] | None"
"""What shows how far a batch is: True a live board, a function is called with the counts."""


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
        submitted: When its latest session was asked for; None where somebody else did it.
        started: When the server started it; None while it waits.
        ended: When it was first seen to have ended, seconds after it did; None while it runs, and
            where nobody looked for more than a minute.
        seen: When it was last looked at while it had not ended.
        failure: Why it failed, None when it did not. Looked for by ``wait``.
        log_tail: The last 20 lines of its log, where it failed.
        events: What the platform says it did for it, where it failed.

    Example:
        >>> from canfar.sessions import Session
        >>> batch = Session().submit("fit", "skaha/astroml", cmd="true")
        >>> status = batch.wait(timeout=60)
        >>> [replica] = batch.replicas
        >>> replica.number, replica.state, replica.failure
        (1, 'Completed', None)
    """

    number: int
    name: str
    id: str | None
    state: str
    attempts: tuple[str, ...] = ()
    submitted: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    seen: datetime | None = field(default=None, repr=False)
    failure: Failure | None = None
    log_tail: str = field(default="", repr=False)
    events: str = field(default="", repr=False)

    @property
    def queued_for(self) -> float | None:
        """Seconds from being asked for to its start, or so far; None where it is not known."""
        return _seconds(self.submitted, self.started or self.ended or self.seen)

    @property
    def ran_for(self) -> float | None:
        """Seconds from its start to its end, or so far; None where it is not known."""
        return _seconds(self.started, self.ended or self.seen)


def _seconds(begin: datetime | None, end: datetime | None) -> float | None:
    # Servers round to seconds, so the end may seem to come first.
    return None if begin is None or end is None else max(0.0, (end - begin).total_seconds())


class BatchStatus(dict[str, int]):
    """How many replicas are in which state; prints as one line.

    Example:
        >>> from canfar.models.batch import BatchStatus
        >>> BatchStatus({"Completed": 97, "Failed": 3})
        100 replicas: 97 Completed, 3 Failed
    """

    @property
    def ok(self) -> bool:
        """Whether every replica has completed."""
        return set(self) <= {"Completed", "Succeeded"}

    def __repr__(self) -> str:
        count = sum(self.values())
        parts = ", ".join(f"{number} {state}" for state, number in self.items())
        return f"{count} replica{'' if count == 1 else 's'}: {parts or 'none'}"


@frozen(kw_only=True)
class RunResult:
    """How a run ended, and what it wrote.

    Attributes:
        name: Its name.
        status: How many replicas ended in which state.
        replicas: Each replica.
        logs: What each replica wrote, by its number.

    Example:
        >>> from canfar.sessions import Session
        >>> result = Session().run("hi", "skaha/astroml", command=["echo", "hello"], replicas=2)
        >>> result.status, result.logs[2].strip()
        (2 replicas: 2 Completed, 'hello')
    """

    name: str
    status: BatchStatus
    replicas: Sequence[Replica]
    logs: Mapping[int, str] = field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether every replica has completed."""
        return self.status.ok

    @property
    def output(self) -> str:
        """What the replicas wrote, one after the other."""
        return "".join(self.logs.values())

    @property
    def failed(self) -> list[Replica]:
        """The replicas that failed, vanished without an end, or never started."""
        return [each for each in self.replicas if each.failure is not None]
