"""A server of the platform, as discovery finds it and the configuration keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

__all__ = ["Server"]


@frozen(kw_only=True)
class Server:
    """A Skaha that one can use.

    Attributes:
        name: What people call it, ``"canfar"`` for instance; the key in the configuration.
        idp: The key of the identity provider whose users it knows, or None.
        uri: Its IVOA identifier, ``ivo://cadc.nrc.ca/skaha``, or None.
        url: Where it is, without version: ``https://ws-uv.canfar.net/skaha``.
        version: The version of its interface, ``"v1"``, or None when it is not known.
        auths: How one can log in there: ``"x509"``, ``"oidc"`` or another word of the server's.
        storage: VOSpace services beside it, ``{"arc": {"uri": ..., "url": ...}}``.
        resources: What it offers (cores, RAM in GB, GPUs, sessions), as canfar 1.5 writes it.

    Example:
        >>> from canfar.models.server import Server
        >>> Server(name="canfar", url="https://ws-uv.canfar.net/skaha").base
        'https://ws-uv.canfar.net/skaha/v1'
    """

    name: str
    idp: str | None = None
    uri: str | None = None
    url: str
    version: str | None = None
    auths: tuple[str, ...] = ()
    storage: Mapping[str, Mapping[str, str]] = field(factory=dict[str, Mapping[str, str]])
    resources: Mapping[str, Any] = field(factory=dict[str, Any])

    @property
    def base(self) -> str:
        """The versioned base URL, what ``Session(url=...)`` takes."""
        return f"{self.url.rstrip('/')}/{self.version or 'v1'}"
