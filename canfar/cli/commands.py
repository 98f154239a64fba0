"""Which commands there are; what each does is in a module of its own."""

from __future__ import annotations

from typing import Final

import click

from canfar import __version__
from canfar.cli.lazy import LazyGroup
from canfar.cli.options import options
from canfar.cli.removed_words import COMMANDS, ROOT_OPTIONS, gone_options

__all__ = ["canfar"]

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


EXAMPLES: Final = """\b
Examples:
  canfar create notebook skaha/astroml --open
  canfar run skaha/astroml --rm -- python -c 'print("hello")'
"""


@click.command(
    cls=LazyGroup,
    epilog=EXAMPLES,
    context_settings=SETTINGS,
    places={
        "create": ("canfar.cli.create:command", "Start sessions of any kind."),
        "run": ("canfar.cli.run:command", "Run a command, and print what it writes."),
        "ps": ("canfar.cli.ps:command", "List your sessions."),
        "info": ("canfar.cli.info:command", "Show all there is to know of sessions."),
        "top": ("canfar.cli.top:command", "Watch your sessions and what they use."),
        "logs": ("canfar.cli.logs:command", "Print what sessions have written."),
        "events": ("canfar.cli.events:command", "Show what the platform did for sessions."),
        "wait": ("canfar.cli.wait:command", "Wait until sessions run, or have ended."),
        "open": ("canfar.cli.open:command", "Open sessions in the browser."),
        "delete": ("canfar.cli.delete:command", "Destroy sessions."),
        "prune": ("canfar.cli.prune:command", "Destroy sessions by the beginning of their names."),
        "renew": ("canfar.cli.renew:command", "Give sessions more time."),
        "app": ("canfar.cli.app:command", "Start, list and end the apps of desktops."),
        "image": ("canfar.cli.image:command", "Find out which images there are."),
        "repository": ("canfar.cli.repository:command", "Find out where images may come from."),
        "context": ("canfar.cli.context:command", "Show what sessions can ask for."),
        "stats": ("canfar.cli.stats:command", "Show how full the platform is."),
        "login": ("canfar.cli.login:command", "Log in with an identity provider."),
        "whoami": ("canfar.cli.whoami:command", "Who you are to which server, and until when."),
        "auth": ("canfar.cli.auth:command", "Look after the logins that are kept."),
        "server": ("canfar.cli.server:command", "Find servers and choose one."),
        "config": ("canfar.cli.config:command", "Show and change the configuration."),
        "doctor": ("canfar.cli.doctor:command", "Find out what is wrong."),
        "local": ("canfar.cli.local:command", "A platform on this machine, to try things out."),
        "completion": ("canfar.cli.completion:command", "Make your shell complete what you type."),
        "version": ("canfar.cli.version:command", "Print the version."),
    },
    aliases={"launch": "create", "ls": "ps", "del": "delete", "rm": "delete"},
    gone=COMMANDS,
    invoke_without_command=True,
)
@click.version_option(__version__, message="canfar %(version)s")
@click.pass_context
def canfar(context: click.Context) -> None:
    """The CANFAR Science Platform from the command line."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


canfar.params += [*options(hidden=False), *gone_options(ROOT_OPTIONS)]
