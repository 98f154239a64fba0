"""``canfar auth``: the logins that are kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import click
from attrs import asdict

from canfar.cli.asking import confirm
from canfar.cli.commands import SETTINGS
from canfar.cli.exit_codes import DONE, FAILED
from canfar.cli.lazy import LazyGroup
from canfar.cli.output import note, output_option, print_data, table

if TYPE_CHECKING:
    from canfar.authentication import Authentication

__all__ = ["as_data", "command", "until"]

EXAMPLES: Final = """\b
Examples:
  canfar auth
  canfar auth use cadc
"""
SHOW_EXAMPLES: Final = """\b
Examples:
  canfar auth show
  canfar auth show -o json
"""
LIST_EXAMPLES: Final = """\b
Examples:
  canfar auth list
  canfar auth list -o name
"""
USE_EXAMPLES: Final = """\b
Examples:
  canfar auth use cadc
  canfar auth use cadc -o json
"""
REMOVE_EXAMPLES: Final = """\b
Examples:
  canfar auth remove cadc --force
  canfar auth remove cadc --force -o json
"""
PURGE_EXAMPLES: Final = """\b
Examples:
  canfar auth purge --force
  canfar auth purge --force -o json
"""


@click.command(
    name="auth",
    epilog=EXAMPLES,
    cls=LazyGroup,
    context_settings=SETTINGS,
    invoke_without_command=True,
    places={
        "login": ("canfar.cli.login:command", "Log in with an identity provider."),
        "show": ("canfar.cli.auth:show", "Show the active login."),
        "list": ("canfar.cli.auth:list_logins", "List the logins that are kept."),
        "use": ("canfar.cli.auth:use", "Make a login the active one."),
        "remove": ("canfar.cli.auth:remove", "Forget a login."),
        "purge": ("canfar.cli.auth:purge", "Forget all logins and servers."),
    },
    aliases={"ls": "list", "switch": "use", "rm": "remove"},
)
@output_option
@click.pass_context
def command(context: click.Context) -> None:
    """Look after the logins that are kept; alone it shows the active one."""
    if context.invoked_subcommand is None:
        context.invoke(show)


@click.command(name="show", epilog=SHOW_EXAMPLES)
@click.argument("idp", required=False)
@output_option
def show(idp: str | None = None) -> None:
    """Show the active login, or that of IDP."""
    from canfar import authentication  # noqa: PLC0415 - help needs it not

    login = authentication.show(idp)
    rows = [
        ("Identity provider", f"{login.idp} ({login.name})"),
        ("Kind", login.mode),
        ("Valid", until(login)),
        ("Active", "yes" if login.active else "no"),
        ("Server", login.server or "none"),
    ]
    print_data(as_data(login), lambda: table(("Login", ""), rows))


@click.command(name="list", epilog=LIST_EXAMPLES)
@output_option
def list_logins() -> None:
    """List the logins that are kept."""
    from canfar import authentication  # noqa: PLC0415 - help needs it not

    logins = authentication.list()
    rows = [
        ("*" if each.active else "", each.idp, each.mode, until(each), each.server or "")
        for each in logins
    ]
    print_data(
        [as_data(each) for each in logins],
        lambda: table(("ACTIVE", "IDP", "MODE", "VALID", "SERVER"), rows),
    )
    if not logins:
        note("Nobody is logged in; `canfar login` logs in.")


@click.command(name="use", epilog=USE_EXAMPLES)
@click.argument("idp")
@output_option
def use(idp: str) -> None:
    """Make the login of IDP the active one, with the server that goes with it."""
    from canfar import authentication  # noqa: PLC0415 - help needs it not

    login = authentication.use(idp)
    print_data(
        as_data(login), lambda: f"{login.idp} is active, with {login.server or 'no server'}."
    )


@click.command(name="remove", epilog=REMOVE_EXAMPLES)
@click.argument("idp")
@click.option("-f", "--force", "-y", "--yes", "force", is_flag=True, help="Don't ask.")
@output_option
def remove(idp: str, *, force: bool) -> int:
    """Forget the login of IDP. A certificate stays: other programs may use it."""
    from canfar import authentication  # noqa: PLC0415 - help needs it not

    active = authentication.show(idp).active
    if active and not force and not confirm(f"{idp} is the active login. Forget it?", "--force"):
        note("Nothing was done.")
        return FAILED
    authentication.remove(idp, force=True)
    print_data({"removed": idp}, lambda: f"The login of {idp} is forgotten.")
    return DONE


@click.command(name="purge", epilog=PURGE_EXAMPLES)
@click.option("-f", "--force", "-y", "--yes", "force", is_flag=True, help="Don't ask.")
@output_option
def purge(*, force: bool) -> int:
    """Forget all logins and servers; other settings stay."""
    from canfar import authentication  # noqa: PLC0415 - help needs it not

    names = [each.idp for each in authentication.list()]
    logins = f"the logins of {', '.join(names)}" if names else "all logins"
    shown = f"Forget {logins} and all servers?"
    if not force and not confirm(shown, "--force"):
        note("Nothing was done.")
        return FAILED
    authentication.purge(force=True)
    print_data({"removed": names}, lambda: "All logins and servers are forgotten.")
    return DONE


def as_data(login: Authentication) -> dict[str, Any]:
    """Return a login as programs get it: the fields of canfar 1.5."""
    return asdict(login)


def until(login: Authentication) -> str:
    """Say how long a login is good."""
    if login.expiry is None:
        return "expiry unknown"
    end = datetime.fromtimestamp(login.expiry, UTC)
    word = "until" if end > datetime.now(UTC) else "expired"
    return f"{word} {end:%Y-%m-%d %H:%M} UTC"
