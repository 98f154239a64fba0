"""Say what went wrong: one sentence of what, one of what to do, and the exit code."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.exit_codes import code_of
from canfar.cli.wording import in_commands
from canfar.errors import (
    CanfarError,
    ConfigurationError,
    CredentialExpired,
    CredentialUnusable,
    InvalidInput,
    NotFound,
    NotLoggedIn,
    ServerNotKnown,
    TimedOut,
    Unreachable,
)

if TYPE_CHECKING:
    from canfar.cli.state import State

__all__ = ["described", "report"]

CODES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (click.UsageError, "command.validation_failed"),
    (InvalidInput, "command.validation_failed"),
    (NotFound, "session.not_found"),
    (CredentialExpired, "authentication.expired"),
    (NotLoggedIn, "authentication.required"),
    (CredentialUnusable, "authentication.credential_invalid"),
    (PermissionError, "authentication.credential_invalid"),
    (ServerNotKnown, "server.none_available"),
    (ConfigurationError, "config.invalid"),
    (Unreachable, "transport.failure"),
    (TimedOut, "transport.failure"),
)
"""Words for programs, those of canfar 1.5 where it has one."""

ALIKE: Final = 0.7
"""How alike words are of which one was likely meant: "bogus" and "gpus" are 0.67."""


def report(error: Exception, state: State) -> int:
    """Say on standard error what went wrong, and return the exit code.

    Args:
        error: What went wrong.
        state: How this run talks.
    """
    sys.stderr.write(described(error, state))
    return code_of(error)


def described(error: Exception, state: State) -> str:
    """Return what went wrong in a sentence, and what to do in another; as JSON for programs."""
    message, hint = _sentences(error)
    if state.output in {"json", "yaml", "jsonl"}:
        code = next((code for kind, code in CODES if isinstance(error, kind)), "command.failed")
        document: dict[str, Any] = {"code": code, "message": message, "hint": hint}
        if isinstance(error, CanfarError):
            document |= {"about": error.about, "server_text": error.server_text}
        return json.dumps(document, ensure_ascii=False) + "\n"
    return f"Error: {message}\n" + (f"{hint}\n" if hint else "")


def _sentences(error: Exception) -> tuple[str, str]:
    if isinstance(error, click.UsageError):
        where = f"`{error.ctx.command_path} --help` says more." if error.ctx else ""
        if isinstance(error, click.NoSuchOption):
            return f"No such option {error.option_name!r}.{_meant(error)}", where
        return error.format_message(), where
    if isinstance(error, click.ClickException):
        return error.format_message(), ""
    if isinstance(error, CanfarError):
        message = error.text
        if error.status_code is None and error.url is not None and error.url not in message:
            # Whoever did not choose the server just now does not know which one it is.
            message = f"{message} [{error.method} {error.url}]"
        return message, in_commands(error.advice)
    return str(error) or type(error).__name__, ""


def _meant(error: click.NoSuchOption) -> str:
    """Say which option was likely meant; click finds all alike, as all begin with two dashes."""
    words = [word.lstrip("-") for word in error.possibilities or ()]
    if not words:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 - only for what is misspelt

    near = get_close_matches(error.option_name.lstrip("-"), words, cutoff=ALIKE)
    return f" Did you mean {' or '.join(f'--{word}' for word in near)}?" if near else ""
