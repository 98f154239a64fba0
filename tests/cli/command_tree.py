"""All the commands that there are, also those that come."""

from __future__ import annotations

import click

from canfar.cli.commands import canfar

__all__ = ["COMMANDS"]


def _commands(group, before=()):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


COMMANDS = dict(_commands(canfar))
