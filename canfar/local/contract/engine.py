"""What the contract asks of whatever runs commands: a port, with no process behind it here."""

from __future__ import annotations

from typing import Protocol

from attrs import field, frozen

__all__ = ["Engine", "Job"]


@frozen
class Job:
    """A command to run.

    Attributes:
        session_id: Whose it is.
        argv: The command and its arguments; never shown.
        environment: The variables, later ones of the same name winning; never shown.
    """

    session_id: str
    argv: tuple[str, ...] = field(repr=False)
    environment: tuple[tuple[str, str], ...] = field(repr=False)


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

    def forget(self, session_id: str) -> None:
        """Remove what a finished command left: its log and its scratch folder."""
        ...
