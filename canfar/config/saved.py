"""What the configuration file holds, as values to read."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - attrs resolves it
from pathlib import Path  # noqa: TC003 - the same
from typing import Any

from attrs import field, frozen

from canfar._secrets import stars
from canfar.config.location import missing
from canfar.errors import NotLoggedIn
from canfar.models.login import Login
from canfar.models.server import Server

__all__ = ["Active", "RegistryLogin", "Saved"]


@frozen(kw_only=True)
class Active:
    """What clients use unless told otherwise.

    Attributes:
        authentication: The key of a login, or None.
        server: The key of a server, or None.
        servers: The server that was last used with each login.
    """

    authentication: str | None = None
    server: str | None = None
    servers: Mapping[str, str] = field(factory=dict[str, str])


@frozen(kw_only=True)
class RegistryLogin:
    """The login for private images as it is in the file, where half of it may be missing."""

    url: str | None = None
    username: str | None = None
    secret: str | None = field(default=None, repr=stars)


@frozen(kw_only=True)
class Saved:
    """The configuration file; one that isn't there holds nothing.

    Attributes:
        path: The file.
        active: What clients use unless told otherwise.
        authentication: The logins by key.
        servers: The servers by name.
        registry: The login for private images.
        console: Settings of canfar 1.5's console, kept for it.
    """

    path: Path
    active: Active = field(factory=Active)
    authentication: Mapping[str, Login] = field(factory=dict[str, Login])
    servers: Mapping[str, Server] = field(factory=dict[str, Server])
    registry: RegistryLogin = field(factory=RegistryLogin)
    console: Mapping[str, Any] = field(factory=dict[str, Any])

    def login_of(self, idp: str) -> Login:
        """Return the login of an identity provider.

        Raises:
            NotLoggedIn: None is kept.
        """
        if idp not in self.authentication:
            kept = ", ".join(sorted(self.authentication)) or "none"
            raise NotLoggedIn(
                f"no login of {idp!r} is kept (there are: {kept}){missing()}",
                advice=f"`canfar login {idp}` logs in.",
            )
        return self.authentication[idp]
