"""The session that a command works with."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

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
    return kind(server=now.server, timeout=now.timeout)
