"""Which server to use, as whom and how: arguments, then ``CANFAR_*``, then configuration."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any, Final

from attrs import field, mutable

from canfar.auth.choice import Wanted, choose
from canfar.auth.identity import Identity  # noqa: TC001 - attrs resolves it
from canfar.errors import ConfigurationFileError, InvalidSetting
from canfar.retry import RetryPolicy

if TYPE_CHECKING:
    from pathlib import Path

    from canfar.auth.tokens import TokenSource
    from canfar.auth.x509 import ProxyCertificate
    from canfar.models.config import Configuration
    from canfar.models.registry import ContainerRegistry

logger: Final = logging.getLogger("canfar")

TIMEOUT: Final = 30.0
"""Seconds for each phase of a request."""

CONCURRENCY: Final = 32
"""Requests that a bulk call has in flight."""

SHORTEST_SECRET: Final = 6


@mutable(kw_only=True)
class Settings:
    """What a client uses.

    Attributes:
        url: The versioned base of the server, ``https://ws-uv.canfar.net/skaha/v1`` for instance.
        identity: Which credential goes to it, and why.
        tokens: Where bearer tokens come from, or None.
        certificate: The proxy certificate, or None.
        timeout: Seconds for each phase of a request.
        concurrency: Requests that a bulk call has in flight.
        deadline: Seconds for a whole call with all its requests and pauses, or None.
        retry: How persistent to be.
    """

    url: str
    identity: Identity
    tokens: TokenSource | None = field(default=None, repr=False)
    certificate: Path | None = None
    timeout: float = TIMEOUT
    concurrency: int = CONCURRENCY
    deadline: float | None = None
    retry: RetryPolicy = field(factory=RetryPolicy)
    _registry: ContainerRegistry | None = field(default=None, alias="registry", repr=False)

    @property
    def registry(self) -> ContainerRegistry | None:
        """The login for private images: handed over, of the environment, or saved.

        Looked up when a session is created, which is the only time it is needed.

        Raises:
            ConfigurationError: Half of it is missing.
        """
        if self._registry is None:
            self._registry = _registry_login()
        return self._registry

    def read_certificate(self) -> ProxyCertificate:
        """Return what the proxy certificate's file holds now.

        Raises:
            CertificateError: It cannot be used.
            CredentialExpired: It has expired.
        """
        from canfar.auth.x509 import usable  # noqa: PLC0415 - it brings cryptography

        return usable(self.certificate or "")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no message, log line or repr may show."""
        login = self._registry
        return tuple(
            secret
            for secret in (
                *(self.tokens.secrets if self.tokens else ()),
                *((login.encoded(), login.secret) if login else ()),
            )
            # A shorter one is no secret, and would take letters out of other words.
            if len(secret) >= SHORTEST_SECRET
        )


def resolve(
    *,
    url: str | None,
    server: str | None,
    token: str | Path | None,
    certificate: str | Path | None,
    authentication_idp: str | None,
    timeout: float | None,
    concurrency: int | None,
    config: Configuration | None,
    deadline: float | None,
    retry: RetryPolicy | None,
) -> Settings:
    """Return the settings that hold, each from the first place that has it.

    Raises:
        ConfigurationError: There is no server, or a value makes no sense.
        NotLoggedIn: Nobody is logged in for the server that was chosen before, or by name.
    """
    environ = os.environ
    wanted = Wanted(
        url=url,
        server=server,
        token=token,
        certificate=certificate,
        authentication_idp=authentication_idp,
    )
    choice = choose(wanted, config)
    return Settings(
        url=choice.url,
        identity=choice.identity,
        tokens=choice.tokens,
        certificate=choice.certificate,
        timeout=_number(
            ("timeout", timeout),
            ("CANFAR_TIMEOUT", environ.get("CANFAR_TIMEOUT")),
            ("timeout", config and config.timeout),
            ("timeout", TIMEOUT),
        ),
        concurrency=_whole(
            ("concurrency", concurrency),
            ("CANFAR_CONCURRENCY", environ.get("CANFAR_CONCURRENCY")),
            ("concurrency", config and config.concurrency),
            ("concurrency", CONCURRENCY),
        ),
        registry=config.registry if config else None,
        deadline=None if deadline is None else _number(("deadline", deadline)),
        retry=retry or RetryPolicy(),
    )


def _registry_login() -> ContainerRegistry | None:
    from canfar.config import Saved, load, path, registry_login  # noqa: PLC0415 - create needs it

    try:
        return registry_login(load())
    except ConfigurationFileError as error:
        # It must not stand in the way of a session that needs nothing from it.
        logger.warning("no saved registry login is used: %s", error)
        return registry_login(Saved(path=path()))


def _first(values: tuple[tuple[str, Any], ...]) -> tuple[str, Any]:
    return next((name, value) for name, value in values if value is not None and value != "")


def _number(*values: tuple[str, Any]) -> float:
    name, value = _first(values)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = 0.0
    if isinstance(value, bool) or not 0 < number < float("inf"):
        raise InvalidSetting(f"{name} must be a number of seconds above 0, not {value!r}")
    return number


def _whole(*values: tuple[str, Any]) -> int:
    name, value = _first(values)
    try:
        number = int(str(value))
    except ValueError:
        number = 0
    if number < 1:
        raise InvalidSetting(f"{name} must be a whole number of at least 1, not {value!r}")
    return number
