"""The identity providers that canfar knows, and the registries that list their servers.

They are data, in ``canfar/catalogue.toml``; ``CANFAR_CATALOGUE`` names another file of that form.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from attrs import field, frozen

from canfar.config.nodes import as_list
from canfar.errors import ConfigurationError, InvalidInput
from canfar.models.server import Server

__all__ = [
    "Catalogue",
    "IdentityProvider",
    "catalogue",
    "default_server",
    "get_idp",
    "list_idps",
    "registry_sources",
]


class UnknownProvider(InvalidInput, KeyError):
    """There is no such identity provider; the message names those there are."""

    __str__ = InvalidInput.__str__


@frozen(kw_only=True)
class IdentityProvider:
    """Who knows users, and how one logs in with it.

    Attributes:
        key: What commands and files call it, ``"cadc"`` for instance.
        name: What people call it.
        mode: "x509" for a proxy certificate, "oidc" for the device flow.
        registries: The lists of services that it trusts, as URLs.
        dev_registries: The same for services under development.
        vospace: The last part of the identifiers of its storage services.
        discovery: The URL of the provider's OIDC description, or None.
        issuer: What that description must say its issuer is, or None.
        credential_service: The identifier of the service that gives certificates, or None.

    Example:
        >>> from canfar.idp import get_idp
        >>> get_idp("srcnet").name
        'SKA Regional Centre Network'
    """

    key: str
    name: str
    mode: Literal["x509", "oidc"]
    registries: tuple[str, ...] = ()
    dev_registries: tuple[str, ...] = ()
    vospace: str = ""
    discovery: str | None = None
    issuer: str | None = None
    credential_service: str | None = None


@frozen(kw_only=True)
class Catalogue:
    """All that is known without asking anybody.

    Attributes:
        providers: The identity providers by key.
        servers: The servers by name.
        names: What people call servers, by identifier.
        hidden_words: Parts of identifiers and URLs of servers that are not for users.
        hidden: Servers that are not for users, as (provider, identifier).
        default: The server for people with a certificate who said nothing.

    Example:
        >>> from canfar.idp import catalogue
        >>> known = catalogue()
        >>> known.names["ivo://cadc.nrc.ca/skaha"], known.default
        ('canfar', 'canfar')
    """

    providers: dict[str, IdentityProvider]
    servers: dict[str, Server] = field(factory=dict[str, Server])
    names: dict[str, str] = field(factory=dict[str, str])
    hidden_words: tuple[str, ...] = ()
    hidden: frozenset[tuple[str, str]] = frozenset()
    default: str | None = None


def catalogue() -> Catalogue:
    """Read the catalogue.

    Returns:
        What is in ``canfar/catalogue.toml``, or in the file that ``CANFAR_CATALOGUE`` names.

    Raises:
        ConfigurationError: The file in ``CANFAR_CATALOGUE`` cannot be read or makes no sense.

    Example:
        >>> from canfar.idp import catalogue
        >>> sorted(catalogue().providers)
        ['cadc', 'srcnet']
    """
    import tomllib  # noqa: PLC0415 - clients that were given url and token need no catalogue

    named = os.environ.get("CANFAR_CATALOGUE")
    file = Path(named).expanduser() if named else Path(__file__).with_name("catalogue.toml")
    try:
        return _catalogue(tomllib.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigurationError(f"the catalogue {file} cannot be used: {error}") from None


def list_idps() -> list[IdentityProvider]:
    """Return the identity providers.

    Returns:
        All of the catalogue, in its order.

    Raises:
        ConfigurationError: The catalogue makes no sense.

    Example:
        >>> from canfar.idp import list_idps
        >>> [idp.key for idp in list_idps()]
        ['cadc', 'srcnet']
    """
    return list(catalogue().providers.values())


def get_idp(key: str) -> IdentityProvider:
    """Return one identity provider.

    Args:
        key: Its key; case does not matter.

    Returns:
        The provider.

    Raises:
        InvalidInput: There is no such provider. It is a KeyError too.
        ConfigurationError: The catalogue makes no sense.

    Example:
        >>> from canfar.idp import get_idp
        >>> get_idp("cadc").mode
        'x509'
    """
    providers = catalogue().providers
    found = providers.get(key.strip().lower())
    if found is None:
        raise UnknownProvider(
            f"there is no identity provider {key!r}; there are {', '.join(providers)}"
        )
    return found


def registry_sources(key: str, *, include_dev: bool = False) -> tuple[str, ...]:
    """Return the URLs of a provider's registries.

    Args:
        key: The provider's key.
        include_dev: Those of services under development too.

    Returns:
        The URLs, those of services under development last.

    Raises:
        InvalidInput: There is no such provider.
        ConfigurationError: The catalogue makes no sense.

    Example:
        >>> from canfar.idp import registry_sources
        >>> registry_sources("cadc")
        ('https://cadc-west-01.canfar.net/reg/resource-caps',)
    """
    idp = get_idp(key)
    return (*idp.registries, *(idp.dev_registries if include_dev else ()))


def default_server() -> Server | None:
    """Return the server for people with a certificate who said nothing, or None.

    Returns:
        The server, or None where the catalogue names none.

    Raises:
        ConfigurationError: The catalogue makes no sense.

    Example:
        >>> from canfar.idp import default_server
        >>> default_server().url
        'https://ws-uv.canfar.net/skaha'
    """
    known = catalogue()
    return known.servers.get(known.default or "")


def _catalogue(document: dict[str, Any]) -> Catalogue:
    hidden = document.get("hidden", {})
    return Catalogue(
        providers={
            key: IdentityProvider(key=key, **_tuples(fields))
            for key, fields in document["providers"].items()
        },
        servers={
            name: Server(name=name, **_tuples(fields))
            for name, fields in document.get("servers", {}).items()
        },
        names=document.get("names", {}),
        hidden_words=tuple(hidden.get("words", ())),
        hidden=frozenset((idp, uri) for idp, uri in hidden.get("entries", ())),
        default=document.get("default_server"),
    )


def _tuples(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: v if as_list(v) is None else tuple(v) for key, v in fields.items()}
