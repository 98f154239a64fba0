"""The session that a command works with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

import click

from canfar.cli.state import state

if TYPE_CHECKING:
    from canfar.client import SyncClient
    from canfar.sessions import Session

T = TypeVar("T", bound="SyncClient")

__all__ = ["open_client", "open_session", "say_what_starts"]


def open_session() -> Session:
    """Return a session with the server that was asked for."""
    from canfar.sessions import Session  # noqa: PLC0415 - help needs it not

    return open_client(Session)


def open_client(kind: type[T]) -> T:
    """Return a client of this kind."""
    now = state()
    say_what_starts()
    if now.log_level is None and now.log_file is None:
        _leave_failures_to_the_command()
    return kind(server=now.server, timeout=now.timeout)


def say_what_starts() -> None:
    """Say it, from now on, when the local platform did not run and this command starts it."""
    now = state()
    if now.quiet or now.log_level in {"info", "debug"}:
        return
    from logging import INFO, Handler, LogRecord, getLogger  # noqa: PLC0415 - the client brings it

    class Said(Handler):
        def emit(self, record: LogRecord) -> None:
            # It may come from another thread, where click knows of no command.
            sentence = record.getMessage()
            sys.stderr.write(f"{sentence[0].upper()}{sentence[1:]}; `canfar local stop` ends it.\n")
            sys.stderr.flush()

    logger = getLogger("canfar.local.joining")
    said, before = Said(INFO), logger.level
    logger.addHandler(said)
    logger.setLevel(INFO)

    def forget() -> None:
        logger.removeHandler(said)
        logger.setLevel(before)

    click.get_current_context().find_root().call_on_close(forget)


def _leave_failures_to_the_command() -> None:
    # A bulk call warns of what failed, and so does the command, which can do it as JSON.
    from logging import ERROR, getLogger  # noqa: PLC0415 - the client brings it

    logger = getLogger("canfar.sessions.failures")
    before = logger.level
    logger.setLevel(ERROR)
    click.get_current_context().find_root().call_on_close(lambda: logger.setLevel(before))
