"""What commands `canfar` has, read from the commands themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from canfar.cli.commands import canfar

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = re.compile(r"\n *Examples:\n((?: +.+\n?)+)")


def commands(
    command: click.Command = canfar, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Find each command, a group before those in it.

    Yields:
        The words that name it, and the command.
    """
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from commands(found, (*words, name))


def does_something(command: click.Command) -> bool:
    """Whether a command can be given as it is; a group may only have others in it."""
    return not isinstance(command, click.Group) or command.invoke_without_command


def prints_data(command: click.Command) -> bool:
    """Whether a command takes `-o`."""
    return any("-o" in parameter.opts for parameter in command.params)


def help_of(words: tuple[str, ...]) -> str:
    """Return the help of the command that words name, as it is printed 80 columns wide."""
    context = click.Context(canfar, info_name="canfar")
    for name in words:
        if isinstance(context.command, click.Group):
            found = context.command.get_command(context, name)
            context = click.Context(found or canfar, parent=context, info_name=name)
    context.terminal_width = context.max_content_width = 80
    context.help_option_names = ["-h", "--help"]
    return context.get_help()


def examples(command: click.Command) -> list[str]:
    """Return the command lines that the help of a command shows."""
    found = EXAMPLES.search(f"\n{command.help or ''}\n{command.epilog or ''}\n".replace("\b", ""))
    lines = found[1].splitlines() if found else []
    return [line.strip() for line in lines if line.strip()]
