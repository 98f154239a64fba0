"""``canfar repository``: where images come from."""

from __future__ import annotations

from typing import Final

import click

from canfar.cli.client import open_client
from canfar.cli.commands import SETTINGS
from canfar.cli.lazy import LazyGroup
from canfar.cli.output import Column, output_option, print_rows

__all__ = ["command", "list_registries"]

EXAMPLES: Final = """\b
Examples:
  canfar repository ls
  canfar repository ls -o json
"""


@click.command(
    name="repository",
    cls=LazyGroup,
    context_settings=SETTINGS,
    places={
        "ls": ("canfar.cli.repository:list_registries", "List the registries that are trusted.")
    },
    aliases={"list": "ls"},
)
def command() -> None:
    """Find out where images may come from."""


@click.command(name="ls", epilog=EXAMPLES)
@output_option
def list_registries() -> None:
    """List the registries that images may come from: an image's name begins with one."""
    from canfar.images import Images  # noqa: PLC0415 - help needs it not

    with open_client(Images) as images:
        found = images.registries()
    print_rows(found, (Column("REGISTRY", str),), data=str, empty="The platform names none.")
