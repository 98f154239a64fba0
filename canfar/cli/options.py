"""The options that every command takes, before its name and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.numbers import Number
from canfar.cli.state import state

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["add_options", "options"]

LEVELS: Final = ("critical", "error", "warning", "info", "debug")


def options(*, hidden: bool) -> list[click.Option]:
    """Return the options.

    Args:
        hidden: Whether help leaves them out: that of a command does, that of ``canfar`` does not.
    """
    return [
        _option("--server", "server", hidden, metavar="NAME", help="The server to talk to."),
        _option(
            "--timeout",
            "timeout",
            hidden,
            metavar="SECONDS",
            type=Number(min=0, min_open=True),
            help="How long each phase of a request may take.",
        ),
        _option("-q/--quiet", "quiet", hidden, help="Say nothing but data and errors."),
        click.Option(
            ["-v", "--verbose"],
            count=True,
            expose_value=False,
            hidden=hidden,
            callback=_verbose,
            help="Say more: -v what is done, -vv all of it.",
        ),
        _option(
            "--log-level",
            "log_level",
            hidden,
            type=click.Choice(LEVELS, case_sensitive=False),
            help="What is logged on standard error.",
        ),
        _option(
            "--log-file",
            "log_file",
            hidden,
            type=click.Path(dir_okay=False, writable=True),
            help="Log everything to this file.",
        ),
        _option("--no-color/", "colour", hidden, help="No colours, as with NO_COLOR."),
        _option("--debug/", "debug", hidden, help="Show where a fault of canfar is."),
    ]


def add_options(command: click.Command) -> click.Command:
    """Give a command the options that every command takes, but for those it has itself."""
    taken = {
        word
        for parameter in command.params
        for word in (*parameter.opts, *parameter.secondary_opts)
    }
    for option in options(hidden=True):
        words = [word for word in option.opts if word not in taken]
        if any(word.startswith("--") for word in words):
            option.opts = words
            command.params.append(option)
    if isinstance(command, click.Group) and command.commands:
        for each in command.commands.values():
            add_options(each)
    return command


def _option(words: str, name: str, hidden: bool, **settings: Any) -> click.Option:
    flag = "/" in words or words.startswith("-q")
    declared = [word for word in words.split("/") if word]
    if flag:
        settings.update(is_flag=True, default=None)
    return click.Option(
        declared, expose_value=False, hidden=hidden, callback=_remember(name), **settings
    )


def _remember(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(context: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value is None:
            return
        now = state()
        setattr(now, name, False if name == "colour" else value)
        # Where a shell completes words, nothing runs that could be logged.
        if name in {"log_level", "log_file"} and not context.resilient_parsing:
            _configure_logging()

    return callback


def _verbose(context: click.Context, _parameter: click.Parameter, value: int) -> None:
    if value and not context.resilient_parsing:
        state().log_level = "debug" if value > 1 else "info"
        _configure_logging()


def _configure_logging() -> None:
    from canfar.cli.logging_setup import configure  # noqa: PLC0415 - only who asks for logs

    configure(state())
