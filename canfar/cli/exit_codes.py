"""Exit codes, the same everywhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from canfar.errors import (
    ConnectionLost,
    CredentialUnusable,
    DeadlinePassed,
    Forbidden,
    ImageNotAllowed,
    InvalidInput,
    InvalidSetting,
    NoServer,
    NotFound,
    NotLoggedIn,
    OptionNotOffered,
    ServerBusy,
    ServerError,
    ServerNotKnown,
    TimedOut,
    Unreachable,
    WaitTimeout,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from canfar.errors import CanfarError
    from canfar.models.results import BulkResult

__all__ = [
    "AWAY",
    "DONE",
    "FAILED",
    "FORBIDDEN",
    "INTERRUPTED",
    "NOT_FOUND",
    "PARTLY",
    "PIPE_CLOSED",
    "TIMED_OUT",
    "USAGE",
    "code_of",
    "code_of_all",
]

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
NOT_FOUND: Final = 3
FORBIDDEN: Final = 4
AWAY: Final = 5
PARTLY: Final = 6
TIMED_OUT: Final = 124
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141
"""What a shell says of a program that SIGPIPE ended, as it ends most that write into ``head``."""

GATEWAY: Final = frozenset({429, 502, 503, 504})

CODES: Final[tuple[tuple[type[Exception], int], ...]] = (
    (click.UsageError, USAGE),
    (InvalidInput, USAGE),
    (InvalidSetting, USAGE),
    # Values too that only the platform knows to be wrong; a quota or any other 400 is no value.
    (OptionNotOffered, USAGE),
    (ImageNotAllowed, USAGE),
    (WaitTimeout, TIMED_OUT),
    (DeadlinePassed, TIMED_OUT),
    (NotFound, NOT_FOUND),
    (ServerNotKnown, NOT_FOUND),
    (NotLoggedIn, FORBIDDEN),
    (NoServer, FORBIDDEN),
    (CredentialUnusable, FORBIDDEN),
    (Forbidden, FORBIDDEN),
    (Unreachable, AWAY),
    (ConnectionLost, AWAY),
    (TimedOut, AWAY),
    (ServerBusy, AWAY),
)


def code_of(error: Exception) -> int:
    """Return the exit code for something that went wrong."""
    if isinstance(error, ServerError) and error.status_code in GATEWAY:
        return AWAY
    return next((code for kind, code in CODES if isinstance(error, kind)), FAILED)


def code_of_all(result: BulkResult) -> int:
    """Say what went wrong with some of many, and return the exit code for all of them."""
    return code_of_errors(result.errors, len(result.outcomes))


def code_of_errors(errors: Mapping[Any, CanfarError], count: int) -> int:
    """Say each error, and return the exit code: 6 where something else worked."""
    for error in errors.values():
        note_error(error)
    if not errors:
        return DONE
    if len(errors) < count:
        return PARTLY
    codes = {code_of(error) for error in errors.values()}
    return codes.pop() if len(codes) == 1 else FAILED


def note_error(error: CanfarError) -> None:
    """Say an error that ends nothing."""
    from canfar.cli.problems import described  # noqa: PLC0415 - it uses this module
    from canfar.cli.state import state  # noqa: PLC0415 - only where something failed

    sys.stderr.write(described(error, state()))
