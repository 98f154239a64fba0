"""What the contract asks of whatever runs commands: a port, with no process behind it here."""

from __future__ import annotations

from typing import Protocol

from attrs import field, frozen

__all__ = ["Engine", "Job", "Usage"]


@frozen
class Job:
    """A command to run.

    Attributes:
        session_id: Whose it is.
        argv: The command and its arguments; never shown.
        environment: The variables, later ones of the same name winning; never shown.
        memory: The memory that all its processes together may use, in bytes; 0 is no limit.
        cpu_seconds: The processor time that a process of it may use, in seconds; 0 is no limit.
        notebook: Whether it is a Jupyter server, whose command the engine knows. It starts at once,
            and counts as started when it answers.
    """

    session_id: str
    argv: tuple[str, ...] = field(repr=False)
    environment: tuple[tuple[str, str], ...] = field(repr=False)
    memory: int = 0
    cpu_seconds: int = 0
    notebook: bool = False


@frozen
class Usage:
    """What a session uses.

    Attributes:
        memory: Its memory, in bytes.
        cores: How many cores were busy for it, on average, since it was measured last.
    """

    memory: int
    cores: float


class Engine(Protocol):
    """Runs commands and reports what became of them (to :mod:`~canfar.local.contract.reports`).

    Nothing here waits for a process.
    """

    def submit(self, job: Job) -> bool:
        """Take a command over. Returns whether it starts now rather than waiting its turn."""
        ...

    def stop(self, session_id: str) -> None:
        """End a command and everything it started, or take it out of the queue."""
        ...

    def usage(self, session_id: str) -> Usage | None:
        """What a session uses; None when it doesn't run or wasn't measured."""
        ...

    def address(self, session_id: str) -> str | None:
        """Scheme, host and port of a session's own server; None when it has none."""
        ...

    def forget(self, session_id: str) -> None:
        """Remove what a finished command left: its log and its scratch folder."""
        ...
