"""The session that a command works with."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from canfar.cli.state import state

if TYPE_CHECKING:
    from canfar.client import SyncClient
    from canfar.sessions import Session

T = TypeVar("T", bound="SyncClient")

__all__ = ["open_client", "open_session"]


def open_session() -> Session:
    """Return a session with the server that was asked for."""
    from canfar.sessions import Session  # noqa: PLC0415 - help needs it not

    return open_client(Session)


def open_client(kind: type[T]) -> T:
    """Return a client of this kind."""
    now = state()
    if now.log_level is None and now.log_file is None:
        _leave_failures_to_the_command()
    return kind(server=now.server, timeout=now.timeout)


def _leave_failures_to_the_command() -> None:
    # A bulk call warns of what failed, and so does the command, which can do it as JSON.
    from logging import ERROR, getLogger  # noqa: PLC0415 - the client brings it

    logger = getLogger("canfar.sessions.failures")
    before = logger.level
    logger.setLevel(ERROR)
    click.get_current_context().find_root().call_on_close(lambda: logger.setLevel(before))
