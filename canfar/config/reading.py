"""Read a document of version 2 into values, and say on which line something makes no sense."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from canfar.config.nodes import as_list, as_mapping, plain
from canfar.config.placeholder import is_placeholder
from canfar.config.saved import Active, RegistryLogin, Saved
from canfar.models.login import (
    Login,
    OIDCClient,
    OIDCEndpoints,
    OIDCLogin,
    OIDCToken,
    X509Login,
)
from canfar.models.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from canfar.config.document import Document

__all__ = ["KEY", "read"]

KEY: Final = re.compile(r"^[A-Za-z][A-Za-z0-9_-]*$")
"""What the keys of logins and servers look like, in canfar 1.5 too."""


def read(document: Document, reveal: Callable[[str], str | None]) -> Saved:
    """Return what a document of version 2 holds.

    Args:
        document: The document.
        reveal: Turns what stands for a secret in the file into the secret.

    Raises:
        ConfigurationFileError: Something makes no sense; the message names its line.
    """
    root = Node(document, (), document.root)
    servers = root.child("servers")
    logins = {
        key: _login(node, key, reveal)
        for key, node in root.child("authentication").children()
        if not is_placeholder(node.value)
    }
    return Saved(
        path=document.path,
        active=_active(root.child("active"), logins),
        authentication=logins,
        servers={key: _server(node, key) for key, node in servers.children()},
        registry=_registry(root.child("registry"), reveal),
        console=dict(root.child("console").value),
    )


@frozen
class Node:
    """A mapping in the document, and the way to it."""

    document: Document
    way: tuple[str, ...]
    value: Mapping[str, Any]

    def child(self, key: str) -> Node:
        """Return a mapping below this one; an empty one if there is none."""
        value = self.value.get(key)
        below = dict[str, Any]() if value is None else as_mapping(value)
        if below is None:
            raise self.wrong(key, f"must be a mapping, not {_kind(value)}")
        return Node(self.document, (*self.way, key), below)

    def children(self) -> list[tuple[str, Node]]:
        """Return the mappings below this one, by key."""
        for key in self.value:
            if not KEY.match(str(key)):
                raise self.document.wrong(
                    [*self.way, key],
                    "is no key: a letter, then letters, digits, '-' and '_'",
                )
        return [(key, self.child(key)) for key in self.value]

    def text(self, key: str) -> str | None:
        """Return a text, or None."""
        value = self.value.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.wrong(key, f"must be text, not {_kind(value)}; put it in quotes")
        return str(value)

    def number(self, key: str) -> float | None:
        """Return a number, or None."""
        value = self.value.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, f"must be a number, not {_kind(value)}")
        return float(value)

    def required(self, key: str) -> str:
        """Return a text that has to be there."""
        value = self.text(key)
        if not value:
            raise self.document.wrong(self.way, f"has no {key}")
        return value

    def wrong(self, key: str, what: str) -> Exception:
        """Return the error for a setting in this mapping."""
        return self.document.wrong([*self.way, key], what)


def _active(node: Node, logins: Mapping[str, Login]) -> Active:
    servers = node.child("servers")
    authentication = node.text("authentication")
    return Active(
        authentication=authentication if authentication in logins else None,
        server=node.text("server"),
        servers={key: servers.required(key) for key in servers.value if servers.text(key)},
    )


def _login(node: Node, key: str, reveal: Callable[[str], str | None]) -> Login:
    mode = node.text("mode")
    idp = node.text("idp") or key
    if mode == "x509":
        return X509Login(
            idp=idp,
            path=Path(node.required("path")).expanduser(),
            expiry=node.number("expiry"),
        )
    if mode != "oidc":
        raise node.wrong("mode", f"must be x509 or oidc, not {mode!r}")
    endpoints, client, token = (node.child(each) for each in ("endpoints", "client", "token"))
    expiry = node.child("expiry")
    return OIDCLogin(
        idp=idp,
        endpoints=OIDCEndpoints(
            discovery=endpoints.text("discovery"),
            device=endpoints.text("device"),
            registration=endpoints.text("registration"),
            token=endpoints.text("token"),
        ),
        client=OIDCClient(
            identity=client.text("identity"),
            secret=_secret(client, "secret", reveal),
            secret_expires_at=client.number("secret_expires_at"),
        ),
        token=OIDCToken(
            access=_secret(token, "access", reveal),
            refresh=_secret(token, "refresh", reveal),
            token_type=token.text("token_type"),
            scope=token.text("scope"),
            expires=expiry.number("access"),
            refresh_expires=expiry.number("refresh"),
        ),
    )


def _server(node: Node, key: str) -> Server:
    auths = as_list(node.value.get("auths") or list[Any]())
    if auths is None or not all(isinstance(each, str) for each in auths):
        raise node.wrong("auths", "must be a list of words")
    storage = node.child("storage")
    return Server(
        name=key,
        idp=node.text("idp"),
        uri=node.text("uri"),
        url=node.required("url"),
        version=node.text("version"),
        auths=tuple(str(each) for each in auths),
        storage={
            name: {field: below.required(field) for field in below.value}
            for name, below in ((name, storage.child(name)) for name in storage.value)
        },
        resources=plain(node.child("resources").value),
    )


def _registry(node: Node, reveal: Callable[[str], str | None]) -> RegistryLogin:
    return RegistryLogin(
        url=node.text("url"),
        username=node.text("username"),
        secret=_secret(node, "secret", reveal),
    )


def _secret(node: Node, key: str, reveal: Callable[[str], str | None]) -> str | None:
    value = node.text(key)
    return None if value is None else reveal(value)


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case _:
            return "a list" if as_list(value) is not None else "a mapping"
