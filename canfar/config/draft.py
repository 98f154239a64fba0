"""Changes to the configuration, before they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from canfar.config import keyring_entries, placeholder
from canfar.config.nodes import Node, as_mapping, plain
from canfar.config.older import VERSION
from canfar.config.reading import KEY, read
from canfar.errors import InvalidInput
from canfar.models.login import Login, OIDCLogin, X509Login

if TYPE_CHECKING:
    from collections.abc import Mapping

    from canfar.config.document import Document
    from canfar.config.saved import Saved
    from canfar.models.server import Server

__all__ = ["Draft"]

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "active": ("authentication", "server", "servers"),
    "authentication": (),
    "servers": (),
    "registry": ("url", "username", "secret"),
    "console": ("width", "banner"),
}
"""What there is to set; an empty tuple stands for names that users choose."""


class Draft:
    """The configuration as it will be written when the ``with`` block ends well.

    Args:
        document: The file's content, of version 2.
    """

    def __init__(self, document: Document) -> None:
        self._document = document

    @property
    def saved(self) -> Saved:
        """The configuration as it stands now.

        Raises:
            ConfigurationFileError: Something in it makes no sense.
        """
        return read(self._document, keyring_entries.reveal)

    def put_login(self, key: str, login: Login, *, keyring: bool | None = None) -> None:
        """Keep a login.

        Args:
            key: Its key, which is that of its identity provider.
            login: The login.
            keyring: Put its secrets into the keyring; None does as ``CANFAR_KEYRING`` says.
        """
        node = self._below("authentication", checked(key))
        if isinstance(login, X509Login):
            replace(node, {"idp": login.idp, "mode": "x509", "path": str(login.path)})
            # canfar 1.5 trusts this number and refuses to work without one; 0 has it read the file.
            node["expiry"] = login.expiry or 0.0
            return
        self._put_tokens(node, key, login, keyring)

    def remove_login(self, key: str) -> None:
        """Forget a login, and that it is the active one; its server is kept."""
        logins = self._section("authentication")
        login = as_mapping(logins.pop(key, None)) or {}
        for part, field in SECRETS:
            keyring_entries.forget((as_mapping(login.get(part)) or {}).get(field))
        active = self._section("active")
        if active.get("authentication") == key:
            active.pop("authentication", None)
            active.pop("server", None)
        remembered = as_mapping(active.get("servers")) or {}
        remembered.pop(key, None)

    def put_server(self, server: Server) -> None:
        """Keep a server under its name."""
        node = self._below("servers", checked(server.name))
        known: dict[str, Any] = {
            "idp": server.idp,
            "name": server.name,
            "uri": server.uri,
            "url": server.url,
            "version": server.version,
            "auths": list(server.auths) or None,
            "storage": plain(server.storage) or None,
            "resources": plain(server.resources) or None,
        }
        replace(node, known)

    def activate(self, *, authentication: str | None, server: str | None) -> None:
        """Have clients use this login and this server, and remember that they go together.

        Args:
            authentication: The key of the login; None for none.
            server: The name of the server; None for none.
        """
        active = self._section("active")
        replace(active, {"authentication": authentication, "server": server})
        if authentication is not None and server is not None:
            self._below("active", "servers")[authentication] = server

    def set(self, name: str, value: Any) -> None:
        """Set one value, or one mapping of values.

        Args:
            name: The way to it, "registry.username" for instance.
            value: What to set; None removes it.

        Raises:
            InvalidInput: There is no such setting, or the value makes no sense.
        """
        keys = _way(name)
        if value is None:
            self.unset(name)
            return
        if name == "registry.secret" and isinstance(value, str):
            value = self._hidden("registry.secret", value, self._section("registry").get("secret"))
        node: Node = self._document.root
        for key in keys[:-1]:
            node = _descend(node, key)
        before = node.get(keys[-1])
        node[keys[-1]] = value
        try:
            _ = self.saved
        except ValueError as error:
            if before is None:
                node.pop(keys[-1])
            else:
                node[keys[-1]] = before
            what = str(getattr(error, "message", error)).partition(": ")[2]
            raise InvalidInput(f"{name} cannot be set to that: {what}") from None

    def unset(self, name: str) -> None:
        """Remove a value.

        Raises:
            InvalidInput: There is no such setting.
        """
        keys = _way(name)
        node: Node = self._document.root
        for key in keys[:-1]:
            node = as_mapping(node.get(key)) or {}
        keyring_entries.forget(node.pop(keys[-1], None))

    def purge(self) -> None:
        """Forget all logins and servers; other settings stay."""
        for key in list(self._section("authentication")):
            self.remove_login(key)
        for section in ("active", "authentication", "servers"):
            self._document.root.pop(section, None)

    def finish(self) -> None:
        """Make it a whole document.

        Raises:
            ConfigurationFileError: Something in it makes no sense.
        """
        root = self._document.root
        logins, active = self._section("authentication"), self._section("active")
        for section in SECTIONS:
            if section in root and not root[section]:
                del root[section]
        # canfar 1.5 reads no file whose active login and server are not in it.
        if any(section in root for section in ("active", "authentication", "servers")):
            if active.get("authentication") not in logins:
                logins.setdefault(placeholder.KEY, placeholder.placeholder())
                root["authentication"] = logins
                root["active"] = active
                active["authentication"] = placeholder.KEY
            if "server" in active and active["server"] not in root.get("servers", {}):
                del active["server"]
        if root:
            self._document.begin_with("version", VERSION)
        _ = self.saved

    def _put_tokens(self, node: Node, key: str, login: OIDCLogin, keyring: bool | None) -> None:
        replace(node, {"idp": login.idp, "mode": "oidc"})
        endpoints, client, token = login.endpoints, login.client, login.token
        replace(
            _descend(node, "endpoints"),
            {
                "discovery": endpoints.discovery,
                "device": endpoints.device,
                "registration": endpoints.registration,
                "token": endpoints.token,
            },
        )
        below = _descend(node, "client")
        hidden = self._hide(key, below, "client.secret", "secret", client.secret, keyring)
        replace(below, {"identity": client.identity, "secret": hidden})
        below["secret_expires_at"] = client.secret_expires_at
        below = _descend(node, "token")
        replace(
            below,
            {
                "access": self._hide(key, below, "token.access", "access", token.access, keyring),
                "refresh": self._hide(
                    key, below, "token.refresh", "refresh", token.refresh, keyring
                ),
                "token_type": token.token_type,
                "scope": token.scope,
            },
        )
        replace(
            _descend(node, "expiry"),
            {"access": token.expires, "refresh": token.refresh_expires},
        )

    def _hide(
        self,
        key: str,
        node: Mapping[str, Any],
        entry: str,
        field: str,
        secret: str | None,
        keyring: bool | None,
    ) -> str | None:
        if secret is None:
            return None
        return self._hidden(f"{key}.{entry}", secret, node.get(field), keyring=keyring)

    @staticmethod
    def _hidden(entry: str, secret: str, before: object, *, keyring: bool | None = None) -> str:
        there = isinstance(before, str) and before.startswith(keyring_entries.PREFIX)
        on = keyring_entries.is_on() if keyring is None else keyring
        return keyring_entries.conceal(entry, secret) if on or there else secret

    def _section(self, name: str) -> Node:
        return _descend(self._document.root, name)

    def _below(self, section: str, key: str) -> Node:
        return _descend(self._section(section), key)


SECRETS: Final = (("client", "secret"), ("token", "access"), ("token", "refresh"))


def checked(key: str) -> str:
    """Return a key that logins and servers may have.

    Raises:
        InvalidInput: It is none.
    """
    if not KEY.match(key):
        raise InvalidInput(f"{key!r} is no key: a letter, then letters, digits, '-' and '_'")
    return key


def replace(node: Node, values: Mapping[str, Any]) -> None:
    """Set these values, remove those that are None, and leave all others alone."""
    for key, value in values.items():
        if value is None:
            node.pop(key, None)
        elif key not in node or plain(node[key]) != value:
            node[key] = value


def _descend(node: Node, key: str) -> Node:
    if node.get(key) is None:
        node[key] = {}
    below = as_mapping(node[key])
    if below is None:
        raise InvalidInput(f"{key} is a single value in the configuration, not a mapping")
    return below


def _way(name: str) -> list[str]:
    keys = name.split(".")
    if keys[0] not in SECTIONS:
        raise InvalidInput(f"there is no setting {name!r}; there are {', '.join(SECTIONS)}")
    fields = SECTIONS[keys[0]]
    if len(keys) > 1 and fields and keys[1] not in fields:
        known = ", ".join(f"{keys[0]}.{each}" for each in fields)
        raise InvalidInput(f"there is no setting {name!r}; there are {known}")
    if not all(keys):
        raise InvalidInput(f"{name!r} is no setting's name")
    return keys
