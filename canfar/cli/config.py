"""``canfar config``: the configuration file."""

from __future__ import annotations

import sys
from typing import Any, Final

import click

from canfar.cli.asking import text_of
from canfar.cli.commands import SETTINGS
from canfar.cli.lazy import LazyGroup
from canfar.cli.output import as_yaml, output_option, print_data

__all__ = ["command"]

SHOW_EXAMPLES: Final = """\b
Examples:
  canfar config show
  canfar config show -o json
"""
GET_EXAMPLES: Final = """\b
Examples:
  canfar config get console.width
  canfar config get registry --reveal -o json
"""
PATH_EXAMPLES: Final = """\b
Examples:
  canfar config path
  cp "$(canfar config path)" canfar-backup.yaml
"""


@click.command(
    name="config",
    cls=LazyGroup,
    context_settings=SETTINGS,
    places={
        "show": ("canfar.cli.config:show", "Show the configuration, secrets as stars."),
        "get": ("canfar.cli.config:get", "Print one setting."),
        "set": ("canfar.cli.config:set_value", "Change one setting."),
        "path": ("canfar.cli.config:path", "Print where the file is."),
    },
    aliases={"list": "show", "ls": "show"},
)
def command() -> None:
    """Show and change the configuration."""


@click.command(name="show", epilog=SHOW_EXAMPLES)
@output_option
def show() -> None:
    """Show the configuration, with secrets as stars."""
    from canfar.config import document  # noqa: PLC0415 - help needs it not

    data = document()
    print_data(data, lambda: as_yaml(data) if data else "")


@click.command(name="get", epilog=GET_EXAMPLES)
@click.argument("key")
@click.option("--reveal", is_flag=True, help="Print a secret as it is.")
@output_option
def get(key: str, *, reveal: bool) -> None:
    """Print the setting KEY, for instance registry.username."""
    from canfar.config import setting  # noqa: PLC0415 - help needs it not

    value = setting(key, reveal_secrets=reveal)
    print_data(value, lambda: _plain(value))


@click.command(name="set")
@click.argument("key")
@click.argument("value", required=False)
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the value from standard input.")
@output_option
def set_value(key: str, value: str | None, *, from_stdin: bool) -> None:
    """Set KEY to VALUE, which is read as YAML; null removes it.

    \b
    Examples:
      canfar config set registry.username ada
      canfar config set registry.secret --stdin < secret.txt
    """  # noqa: D301 - click's mark for lines to leave as they are
    from canfar.config import edit, parse_value  # noqa: PLC0415 - help needs neither

    if from_stdin == (value is not None):
        raise click.UsageError("Give the value, or --stdin; one of the two.")
    given: Any
    if value is None:
        given = text_of(sys.stdin.buffer.read(), "standard input").rstrip("\r\n")
    else:
        given = parse_value(key, value)
    with edit() as draft:
        draft.set(key, given)
    print_data({"set": key}, lambda: f"{key} is set.")


@click.command(name="path", epilog=PATH_EXAMPLES)
@output_option
def path() -> None:
    """Print where the configuration file is."""
    from canfar.config import path as where  # noqa: PLC0415 - help needs it not

    file = str(where())
    print_data({"path": file}, lambda: file)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else as_yaml(value)
