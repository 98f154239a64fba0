"""Say what went wrong: one sentence of what, one of what to do, and the exit code."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

import click

from canfar.errors import (
    CanfarError,
    ConfigurationError,
    CredentialExpired,
    InvalidInput,
    NotLoggedIn,
    ServerNotKnown,
    TimedOut,
    Unreachable,
)

if TYPE_CHECKING:
    from canfar.cli.state import State

__all__ = ["FAILED", "INTERRUPTED", "USAGE", "report"]

FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130

CODES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (click.UsageError, "command.validation_failed"),
    (InvalidInput, "command.validation_failed"),
    (CredentialExpired, "authentication.expired"),
    (NotLoggedIn, "authentication.required"),
    (PermissionError, "authentication.credential_invalid"),
    (ServerNotKnown, "server.none_available"),
    (ConfigurationError, "config.invalid"),
    (Unreachable, "transport.failure"),
    (TimedOut, "transport.failure"),
)
"""Words for programs, those of canfar 1.5 where it has one."""


def report(error: Exception, state: State) -> int:
    """Say on standard error what went wrong, and return the exit code.

    Args:
        error: What went wrong.
        state: How this run talks.
    """
    message, hint = _sentences(error)
    if state.output is not None:
        code = next((code for kind, code in CODES if isinstance(error, kind)), "command.failed")
        document = {"code": code, "message": message, "hint": hint}
        sys.stderr.write(json.dumps(document, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(f"Error: {message}\n")
        if hint:
            sys.stderr.write(f"{hint}\n")
    return USAGE if isinstance(error, click.UsageError | InvalidInput) else FAILED


def _sentences(error: Exception) -> tuple[str, str]:
    if isinstance(error, click.UsageError):
        where = f"`{error.ctx.command_path} --help` says more." if error.ctx else ""
        return error.format_message(), where
    if isinstance(error, click.ClickException):
        return error.format_message(), ""
    if isinstance(error, CanfarError):
        return str(error).removesuffix(error.advice).rstrip(), error.advice
    return str(error) or type(error).__name__, ""
