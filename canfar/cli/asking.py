"""Ask somebody at a terminal; without one, say which option to give instead."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ask", "ask_password", "choose", "confirm", "is_terminal", "text_of"]


def is_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(what: str, option: str) -> str:
    """Ask for a word.

    Args:
        what: What is asked for.
        option: The option that gives it.

    Raises:
        click.UsageError: There is no terminal.
    """
    _needs_terminal(what, option)
    answer: str = click.prompt(what, err=True)
    return answer


def ask_password(what: str, option: str) -> str:
    """Ask for a word that is not shown.

    Raises:
        click.UsageError: There is no terminal.
    """
    _needs_terminal(what, option)
    answer: str = click.prompt(what, err=True, hide_input=True, default="", show_default=False)
    return answer


def choose(what: str, choices: Sequence[str], option: str) -> int:
    """Have one of a numbered list chosen; return its index.

    Raises:
        click.UsageError: There is no terminal.
    """
    _needs_terminal(what, option)
    for number, choice in enumerate(choices, 1):
        click.echo(f"  {number}  {choice}", err=True)
    answer: int = click.prompt(what, err=True, type=click.IntRange(1, len(choices)), default=1)
    return answer - 1


def confirm(what: str, option: str) -> bool:
    """Ask whether something is meant.

    Raises:
        click.UsageError: There is no terminal.
    """
    _needs_terminal(what, option)
    return click.confirm(what, err=True)


def text_of(content: bytes, source: str) -> str:
    """Return what was piped in instead of being typed.

    Args:
        content: What came.
        source: Where from, for the message.

    Raises:
        click.UsageError: It is no text.
    """
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise click.UsageError(f"What {source} holds is no text (UTF-8).") from None


def _needs_terminal(what: str, option: str) -> None:
    if not is_terminal():
        raise click.UsageError(f"{what.rstrip('?')}: there is no terminal to ask; give {option}.")
