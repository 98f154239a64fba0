"""User names and passwords that are kept in a netrc file."""

from __future__ import annotations

import netrc
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import field, frozen

from canfar._http.plain import BasicLogin
from canfar.errors import CredentialUnusable, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Netrc", "read_netrc"]


@frozen
class Netrc:
    """A netrc file.

    Attributes:
        file: Where it is.
        entries: What it holds, by host: user name, account, password.
    """

    file: Path
    entries: Mapping[str, tuple[str, str | None, str | None]] = field(repr=False)

    def login(self, urls: Sequence[str], username: str | None = None) -> BasicLogin:
        """Return the user name and password for one of these servers.

        Args:
            urls: The servers, the likeliest first. The file may name a domain that they are in.
            username: Take only an entry with this user name.

        Raises:
            InvalidInput: There is no such entry.
        """
        hosts = list(dict.fromkeys(host for url in urls if (host := urlsplit(url).hostname)))
        for host in hosts:
            for name in (host, *_domains(host)):
                found = self.entries.get(name)
                if found and found[0] and found[2] and username in {None, found[0]}:
                    return BasicLogin(found[0], found[2])
        who = f" of {username}" if username else ""
        raise InvalidInput(
            f"{self.file} has no login{who} for {', '.join(hosts)}",
            advice=f"A line `machine {hosts[0] if hosts else '...'} login NAME password ...` "
            "is one.",
        )


def read_netrc() -> Netrc:
    """Read the netrc file: ``~/.netrc``, or the one in ``NETRC``.

    Raises:
        CredentialUnusable: It is missing or makes no sense.
    """
    file = Path(os.environ.get("NETRC") or "~/.netrc").expanduser()
    try:
        return Netrc(file, netrc.netrc(str(file)).hosts)
    except FileNotFoundError:
        raise CredentialUnusable(f"there is no netrc file at {file}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CredentialUnusable(f"the netrc file {file} cannot be read: {error}") from None
    except netrc.NetrcParseError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise CredentialUnusable(f"{file}{line}: {error.msg}") from None


def _domains(host: str) -> list[str]:
    parts = host.split(".")
    return [".".join(parts[start:]) for start in range(1, len(parts) - 1)]
