"""User names and passwords that are kept in a netrc file."""

from __future__ import annotations

import netrc
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from canfar.errors import ConfigurationError, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["from_netrc"]


def from_netrc(urls: Sequence[str], username: str | None = None) -> tuple[str, str]:
    """Return the user name and password that the netrc file has for one of these servers.

    Args:
        urls: The servers, the likeliest first. The file may name a domain that they are in.
        username: Take only an entry with this user name.

    Raises:
        ConfigurationError: The file is missing or makes no sense.
        InvalidInput: It has no such entry.
    """
    file = Path(os.environ.get("NETRC") or "~/.netrc").expanduser()
    try:
        entries = netrc.netrc(str(file)).hosts
    except FileNotFoundError:
        raise ConfigurationError(f"there is no netrc file at {file}") from None
    except OSError as error:
        raise ConfigurationError(f"the netrc file {file} cannot be read: {error}") from None
    except netrc.NetrcParseError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        raise ConfigurationError(f"{file}{line}: {error.msg}") from None
    hosts = [host for url in urls if (host := urlsplit(url).hostname)]
    for host in hosts:
        for name in (host, *_domains(host)):
            login, _, password = entries.get(name) or ("", "", "")
            if login and password and username in {None, login}:
                return login, password
    who = f" of {username}" if username else ""
    raise InvalidInput(
        f"{file} has no login{who} for {', '.join(hosts)}",
        advice=f"A line `machine {hosts[0] if hosts else '...'} login NAME password ...` is one.",
    )


def _domains(host: str) -> list[str]:
    parts = host.split(".")
    return [".".join(parts[start:]) for start in range(1, len(parts) - 1)]
