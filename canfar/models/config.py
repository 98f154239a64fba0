"""What a client uses when neither its arguments nor the environment say."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from canfar._secrets import stars
from canfar.models.registry import ContainerRegistry  # noqa: TC001 - attrs resolves it

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from canfar.config import Active, Saved
    from canfar.config.editor import Editor
    from canfar.models.login import Login
    from canfar.models.server import Server

__all__ = ["Configuration"]


@frozen(kw_only=True)
class Configuration:
    """Settings to hand to any client as ``config=``.

    Arguments of the client win over ``CANFAR_*`` in the environment, and those over this.

    Args:
        url: The server, ``https://ws-uv.canfar.net/skaha`` for instance, with or without ``/v1``.
        token: A bearer token; a repr shows stars.
        certificate: A proxy certificate, certificate and key in one PEM file.
        timeout: Seconds for each phase of a request: connecting, sending, receiving.
        concurrency: How many requests a bulk call has in flight.
        registry: The login for private images.
        server: The server by name, ``ivo://`` identifier or URL, instead of ``url``.
        authentication_idp: The saved login to use instead of the active one.
        allow_http: Hosts, with or without a port, that may be talked to without TLS.

    Example:
        >>> from canfar.models.config import Configuration
        >>> from canfar.models.registry import ContainerRegistry
        >>> Configuration(registry=ContainerRegistry(username="ada", secret="s3cret")).registry
        ContainerRegistry(username='ada', secret='***', url=None)
    """

    url: str | None = None
    token: str | None = field(default=None, repr=stars)
    certificate: str | Path | None = None
    timeout: float | None = None
    concurrency: int | None = None
    registry: ContainerRegistry | None = None
    server: str | None = None
    authentication_idp: str | None = None
    allow_http: tuple[str, ...] = ()

    @property
    def saved(self) -> Saved:
        """What the configuration file holds, read when it is asked for.

        Raises:
            ConfigurationFileError: It cannot be read, or makes no sense.
        """
        from canfar.config import load  # noqa: PLC0415 - most clients need no file

        return load()

    @property
    def active(self) -> Active:
        """The login and the server that clients use unless told otherwise, of the file."""
        return self.saved.active

    @property
    def authentication(self) -> Mapping[str, Login]:
        """The logins in the file, by key."""
        return self.saved.authentication

    @property
    def servers(self) -> Mapping[str, Server]:
        """The servers in the file, by name."""
        return self.saved.servers

    @property
    def console(self) -> Mapping[str, Any]:
        """Settings of canfar 1.5's console in the file."""
        return self.saved.console

    @cached_property
    def editor(self) -> Editor:
        """Changes the file: ``get``, ``set`` and ``save``, as in canfar 1.5."""
        from canfar.config.editor import Editor  # noqa: PLC0415 - most clients need no file

        return Editor()
