"""What could be typed to canfar 1.x and cannot to this one: each says what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COMMANDS", "LOGIN_OPTIONS", "ROOT_OPTIONS", "gone_options"]

COMMANDS: Final = {
    "data": "`canfar data` is not here; after `pip install vos` you have vls, vcp and vrm instead.",
    "feedback": "Write to https://github.com/opencadc/canfar/issues, with what "
    "`canfar doctor` prints.",
}

ROOT_OPTIONS: Final = {
    "--install-completion": 'write  eval "$(canfar completion bash)"  into ~/.bashrc; '
    "`canfar completion --help` tells the same for zsh and fish.",
    "--show-completion": "write `canfar completion bash`, or zsh, or fish.",
}

LOGIN_OPTIONS: Final = {
    "--dead": "leave it out; a server that does not answer cannot be logged in to.",
    "--details": "leave it out; `canfar server list` shows what is known of servers.",
    "--discovery-url": "leave it out and name the identity provider: `canfar login srcnet`.",
}


def gone_options(words: Mapping[str, str]) -> list[click.Option]:
    """Return options that help does not show, and that say what to write instead of them.

    Args:
        words: The options, each with what to write.
    """
    return [
        click.Option(
            [word],
            is_flag=True,
            hidden=True,
            expose_value=False,
            is_eager=True,
            callback=_refuse(f"{word} was an option of canfar 1.x: {instead}"),
        )
        for word, instead in words.items()
    ]


def _refuse(sentence: str) -> Any:
    def callback(context: click.Context, _parameter: click.Parameter, value: Any) -> None:
        if value and not context.resilient_parsing:
            raise click.UsageError(sentence)

    return callback
