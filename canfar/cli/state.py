"""What a command line asked for that concerns every command."""

from __future__ import annotations

import click
from attrs import mutable

__all__ = ["State", "state"]


@mutable
class State:
    """How this run of the command talks, and to whom.

    Attributes:
        output: "json", "yaml", "jsonl", "wide" or "name" as asked for, None for people.
        server: The server to talk to, None for the one that is chosen.
        timeout: Seconds for each phase of a request, None for the usual.
        quiet: Whether only data and errors are wanted.
        colour: Whether colours are wanted; None means where a terminal shows them.
        debug: Whether a fault of the program shows where it is.
        log_level: What is logged to standard error, None for warnings.
        log_file: A file that everything is logged to.
    """

    output: str | None = None
    server: str | None = None
    timeout: float | None = None
    quiet: bool = False
    colour: bool | None = None
    debug: bool = False
    log_level: str | None = None
    log_file: str | None = None


def state() -> State:
    """Return the state of the command that runs."""
    return click.get_current_context().find_root().ensure_object(State)
