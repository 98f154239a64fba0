"""Groups of commands of which only the one that is typed is loaded."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from canfar.cli.options import add_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.shell_completion import CompletionItem

__all__ = ["LazyGroup", "PipeClosed"]


class PipeClosed(Exception):
    """Nobody reads what is written any more: of a BrokenPipeError click makes exit code 1."""


class LazyGroup(click.Group):
    """A group whose commands stand in modules that are loaded when they are needed.

    Args:
        places: Where each command is, ``{"login": "canfar.cli.login:command"}``, with the line
            that says what it does, so that help loads none of them.
        aliases: Other spellings, which help does not show.
        gone: Commands that there were, each with what to do instead.
    """

    def __init__(
        self,
        *args: Any,
        places: Mapping[str, tuple[str, str]],
        aliases: Mapping[str, str] | None = None,
        gone: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._places = places
        self._aliases = aliases or {}
        self._gone = gone or {}

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """Read the command line; what it says at once, as help, may meet a closed pipe."""
        try:
            return super().make_context(*args, **options)
        except BrokenPipeError as error:
            raise PipeClosed from error

    def invoke(self, ctx: click.Context) -> Any:
        """Carry out the command line."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise PipeClosed from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """Name the commands, in the order in which people meet them."""
        return list(self._places)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click calls it so
        cmd_name: str,
    ) -> click.Command | None:
        """Load a command."""
        place = self._places.get(self._aliases.get(cmd_name, cmd_name))
        if place is None:
            return None
        module, _, name = place[0].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return add_options(found)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the names of commands from the table, without loading any."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only to complete

        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=place[1])
            for name, place in self._places.items()
            if name.startswith(incomplete)
        ]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is typed, or name the ones that were likely meant."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            if args[0] in self._gone:
                raise click.UsageError(self._gone[args[0]])
            from difflib import get_close_matches  # noqa: PLC0415 - only for what is misspelt

            near = get_close_matches(args[0], [*self._places, *self._aliases], n=3)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f"There is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click calls it so
        formatter: click.HelpFormatter,
    ) -> None:
        """List the commands from the table, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, place[1]) for name, place in self._places.items()])
