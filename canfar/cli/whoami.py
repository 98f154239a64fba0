"""``canfar whoami``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from canfar.cli.client import open_session
from canfar.cli.exit_codes import DONE, FORBIDDEN
from canfar.cli.output import output_option, print_data, table

if TYPE_CHECKING:
    from canfar.auth.identity import Identity

__all__ = ["command"]

EXAMPLES: Final = """\b
Examples:
  canfar whoami
  canfar whoami -o json
"""


@click.command(name="whoami", epilog=EXAMPLES)
@output_option
def command() -> int:
    """Say who you are to which server, why, and until when. Asks no server.

    Exits with 4 when you are nobody.
    """
    with open_session() as session:
        identity = session.identity
    data = _data(identity)
    rows = [(key.replace("_", " "), str(value)) for key, value in data.items() if value is not None]
    print_data(data, lambda: table(("identity", ""), rows))
    return FORBIDDEN if identity.kind == "anonymous" else DONE


def _data(identity: Identity) -> dict[str, Any]:
    expires = identity.expires
    return {
        "kind": identity.kind,
        "identity_provider": identity.idp,
        "user": _user(identity),
        "source": identity.source,
        "server": identity.server,
        "expires": None if expires is None else expires.isoformat(),
    }


def _user(identity: Identity) -> str | None:
    """Return whose certificate it is; tokens say so only to those who gave them out."""
    if identity.certificate is None:
        return None
    from canfar.auth.x509 import read  # noqa: PLC0415 - only with a certificate

    return read(identity.certificate).subject
