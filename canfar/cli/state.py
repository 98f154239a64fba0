"""What a command line asked for that concerns every command."""

from __future__ import annotations

import click
from attrs import mutable

__all__ = ["State", "state"]


@mutable
class State:
    """How this run of the command talks.

    Attributes:
        output: "json" or "yaml" when a program reads it, None for people.
    """

    output: str | None = None


def state() -> State:
    """Return the state of the command that runs."""
    return click.get_current_context().find_root().ensure_object(State)
