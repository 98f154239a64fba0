"""``canfar login``, which is ``canfar auth login`` too."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from canfar.cli.asking import ask, ask_password, choose, is_terminal, text_of
from canfar.cli.numbers import Number, Whole
from canfar.cli.output import note, output_option, print_data
from canfar.cli.removed_words import LOGIN_OPTIONS, gone_options

if TYPE_CHECKING:
    from canfar.auth.oidc import DeviceCode
    from canfar.idp import IdentityProvider

__all__ = ["command"]


@click.command(name="login")
@click.argument("idp", required=False)
@click.option("-f", "--force", is_flag=True, help="Log in again though the login is still good.")
@click.option("--username", help="Your user name (cadc).")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--netrc", is_flag=True, help="Take user name and password from the netrc file.")
@click.option(
    "--days", type=Whole(1, 365), default=30, show_default=True,
    help="How long the certificate is to last.",
)  # fmt: skip
@click.option(
    "--cert-file", "--cert-filename", "certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the certificate is written (default: ~/.ssl/cadcproxy.pem).",
)  # fmt: skip
@click.option("--service", help="The service that gives certificates: its ivo:// name or URL.")
@click.option("--token-stdin", is_flag=True, help="Keep the bearer token in standard input.")
@click.option(
    "--token-file", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Keep the bearer token in this file.",
)  # fmt: skip
@click.option("--server", help="The server to use: a name, an ivo:// identifier or a URL.")
@click.option("--keyring/--no-keyring", default=None, help="Keep secrets in the system's keyring.")
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@click.option("--dev", is_flag=True, help="Look for servers under development too.")
@click.option(
    "-t", "--timeout", type=Number(1, 300), default=10.0, show_default=True,
    help="Seconds that finding servers may take.",
)  # fmt: skip
@output_option
def command(idp: str | None, **options: Any) -> None:
    """Log in with an identity provider, and keep the login.

    IDP is cadc or srcnet; you are asked if there is a terminal. A login that is still good is
    used again.

    \b
    Examples:
      canfar login cadc --username ada
      echo "$PASSWORD" | canfar login cadc --username ada --password-stdin
      canfar login srcnet
    """  # noqa: D301 - click's mark for lines to leave as they are
    from canfar import authentication, server  # noqa: PLC0415 - help needs neither
    from canfar.idp import get_idp, list_idps  # noqa: PLC0415 - the same

    if idp is None:
        known = list_idps()
        names = [f"{each.key}: {each.name}" for each in known]
        provider = known[choose("Identity provider", names, "its key, as in `canfar login cadc`")]
    else:
        provider = get_idp(idp)
    secrets = _secrets(provider, options)
    authentication.login(
        provider.key,
        options["force"],
        netrc=options["netrc"],
        days=options["days"],
        certificate=options["certificate"],
        service=options["service"],
        server=options["server"],
        dev=options["dev"],
        keyring=options["keyring"],
        show=lambda code: _show(code, browser=not options["no_browser"]),
        timeout=options["timeout"],
        **secrets,
    )
    login = authentication.show(provider.key)
    choices = server.list(provider.key)
    if login.server is None and len(choices) > 1 and is_terminal():
        index = choose("Server", [f"{each.name}: {each.url}" for each in choices], "--server")
        server.use(choices[index].name, timeout=options["timeout"])
        login = authentication.show(provider.key)
    from canfar.cli.auth import as_data, until  # noqa: PLC0415 - help needs it not

    print_data(as_data(login), lambda: f"Logged in with {login.idp}, {until(login)}.")
    if login.server is None:
        note("No server is chosen yet: `canfar server ls` shows which there are.")
    else:
        note(f"Server: {login.server}.")


command.params += gone_options(LOGIN_OPTIONS)


def _secrets(provider: IdentityProvider, options: dict[str, Any]) -> dict[str, Any]:
    """Return what the provider asks for, from where the command line says it is."""
    if options["token_stdin"] and options["password_stdin"]:
        raise click.UsageError("Standard input holds a token or a password, not both.")
    if options["token_stdin"]:
        return {"token": text_of(sys.stdin.buffer.read(), "standard input")}
    if options["token_file"] is not None:
        file: Path = options["token_file"]
        return {"token": text_of(file.read_bytes(), str(file))}
    username: str | None = options["username"]
    if options["password_stdin"]:
        if not username:
            raise click.UsageError("--password-stdin needs --username.")
        line = text_of(sys.stdin.buffer.readline(), "standard input")
        return {"username": username, "password": line.rstrip("\r\n")}
    if provider.mode != "x509" or options["netrc"] or _is_good(provider, options):
        return {"username": username}
    username = username or ask("User name", "--username and --password-stdin, or --netrc")
    return {"username": username, "password": ask_password("Password", "--password-stdin")}


def _is_good(provider: IdentityProvider, options: dict[str, Any]) -> bool:
    from canfar.auth.logging_in import kept_certificate  # noqa: PLC0415 - only here

    return not options["force"] and kept_certificate(provider, options["certificate"]) is not None


def _show(code: DeviceCode, *, browser: bool) -> None:
    note(f"To log in, open {code.best_uri}", f"and approve the code {code.user_code}")
    if not is_terminal():
        return
    from canfar.auth.oidc.qr import qr  # noqa: PLC0415 - only at a terminal

    note(qr(code.best_uri))
    if browser:
        from canfar._drive.browser import open_tab  # noqa: PLC0415 - the same

        open_tab(code.best_uri)
