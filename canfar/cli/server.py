"""``canfar server``: find servers and choose one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click
from attrs import asdict

from canfar.cli.client import say_what_starts
from canfar.cli.commands import SETTINGS
from canfar.cli.lazy import LazyGroup
from canfar.cli.numbers import Number
from canfar.cli.output import note, output_option, print_data, table

if TYPE_CHECKING:
    from canfar.models.server import Server
    from canfar.server.discovery import Probe

__all__ = ["command"]

LIST_EXAMPLES: Final = """\b
Examples:
  canfar server list
  canfar server list -o name
"""
USE_EXAMPLES: Final = """\b
Examples:
  canfar server use canfar
  canfar server use canfar -o json
"""


@click.command(
    name="server",
    cls=LazyGroup,
    context_settings=SETTINGS,
    places={
        "list": ("canfar.cli.server:list_servers", "List the servers, or look for new ones."),
        "use": ("canfar.cli.server:use", "Choose the server to use."),
    },
    aliases={"ls": "list"},
)
def command() -> None:
    """Find servers and choose one."""


@click.command(name="list", epilog=LIST_EXAMPLES)
@click.option("--discover", is_flag=True, help="Ask the registries which servers there are.")
@click.option("--idp", help="Only servers for the users of this identity provider.")
@click.option("--dev", is_flag=True, help="Look for servers under development too.")
@click.option(
    "-t", "--timeout", type=Number(1, 300), default=10.0, show_default=True,
    help="Seconds that looking may take.",
)  # fmt: skip
@output_option
def list_servers(*, discover: bool, idp: str | None, dev: bool, timeout: float) -> None:
    """List the servers that are known; with --discover, look for new ones.

    Nothing that is sent carries your credential.
    """
    from canfar import config, server  # noqa: PLC0415 - help needs neither

    if discover or dev:
        server.discover(idp, dev=dev, timeout=timeout, on_probe=_tell)
    active = config.load().active.server
    servers = server.list(idp)
    rows = [
        (
            "*" if each.name == active else "",
            each.name,
            each.idp or "",
            "this machine" if each.name == "local" and each.idp is None else each.url,
            each.version or "",
            ",".join(each.auths),
        )
        for each in servers
    ]
    print_data(
        [_data(each, active) for each in servers],
        lambda: table(("ACTIVE", "NAME", "IDP", "URL", "VERSION", "LOGIN"), rows),
    )


@click.command(name="use", epilog=USE_EXAMPLES)
@click.argument("selector", metavar="SERVER")
@click.option("--dev", is_flag=True, help="Look for servers under development too.")
@click.option(
    "-t", "--timeout", type=Number(1, 300), default=10.0, show_default=True,
    help="Seconds that finding it may take.",
)  # fmt: skip
@output_option
def use(selector: str, *, dev: bool, timeout: float) -> None:
    """Choose SERVER: a name, an ivo:// identifier or a URL.

    `local` is the platform on this machine, which is started unless it runs.
    """
    from canfar import server  # noqa: PLC0415 - help needs it not

    say_what_starts()
    chosen = server.use(selector, dev=dev, timeout=timeout)
    print_data(_data(chosen, chosen.name), lambda: f"Server: {chosen.name} ({chosen.url})")


def _data(server: Server, active: str | None) -> dict[str, Any]:
    return {**asdict(server), "auths": list(server.auths), "active": server.name == active}


def _tell(probe: Probe) -> None:
    if not probe.ok:
        note(f"{probe.name} ({probe.url}): {probe.problem}")
