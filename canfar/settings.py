"""Which server to use, as whom and how: arguments, then ``CANFAR_*``, then configuration."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from attrs import field, mutable

from canfar.errors import ConfigurationError
from canfar.retry import RetryPolicy

if TYPE_CHECKING:
    from canfar.models.config import Configuration
    from canfar.models.registry import ContainerRegistry

logger: Final = logging.getLogger("canfar")

TIMEOUT: Final = 30.0
"""Seconds for each phase of a request."""

CONCURRENCY: Final = 32
"""Requests that a bulk call has in flight."""

SHORTEST_SECRET: Final = 6

VERSION: Final = re.compile(r"/v\d+$")


@mutable(kw_only=True)
class Settings:
    """What a client uses.

    Attributes:
        url: The versioned base of the server, ``https://ws-uv.canfar.net/skaha/v1`` for instance.
        token: The bearer token, or None; it shows in no repr.
        certificate: The proxy certificate, or None.
        timeout: Seconds for each phase of a request.
        concurrency: Requests that a bulk call has in flight.
        registry: The login for private images, or None.
        deadline: Seconds for a whole call with all its requests and pauses, or None.
        retry: How persistent to be.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    certificate: Path | None = None
    timeout: float = TIMEOUT
    concurrency: int = CONCURRENCY
    registry: ContainerRegistry | None = None
    deadline: float | None = None
    retry: RetryPolicy = field(factory=RetryPolicy)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no message, log line or repr may show."""
        login = self.registry
        return tuple(
            secret
            for secret in (self.token, *((login.encoded(), login.secret) if login else ()))
            # A shorter one is no secret, and would take letters out of other words.
            if secret and len(secret) >= SHORTEST_SECRET
        )


def resolve(
    *,
    url: str | None,
    token: str | None,
    certificate: str | Path | None,
    timeout: float | None,
    concurrency: int | None,
    config: Configuration | None,
    deadline: float | None,
    retry: RetryPolicy | None,
) -> Settings:
    """Return the settings that hold, each from the first place that has it.

    Raises:
        ConfigurationError: There is no server, or a value makes no sense.
    """
    environ = os.environ
    server = url or environ.get("CANFAR_URL") or (config and config.url)
    if not server:
        raise ConfigurationError(
            "no server to use: pass url=, or set CANFAR_URL",
            advice="No account? `python -m canfar.local` starts a platform on your own machine.",
        )
    secret, pem = _credential(
        (token, certificate),
        (environ.get("CANFAR_TOKEN"), environ.get("CANFAR_CERTIFICATE")),
        (config.token, config.certificate) if config else (None, None),
    )
    return Settings(
        url=versioned(str(server)),
        token=secret,
        certificate=None if pem is None else _existing(pem),
        timeout=_number(
            "timeout",
            [timeout, environ.get("CANFAR_TIMEOUT"), config and config.timeout, TIMEOUT],
        ),
        concurrency=_whole(
            "concurrency",
            [
                concurrency,
                environ.get("CANFAR_CONCURRENCY"),
                config and config.concurrency,
                CONCURRENCY,
            ],
        ),
        registry=config.registry if config else None,
        deadline=None if deadline is None else _number("deadline", [deadline]),
        retry=retry or RetryPolicy(),
    )


def versioned(url: str) -> str:
    """Return the versioned base of a server that is given with or without its version.

    Example:
        >>> versioned("https://ws-uv.canfar.net/skaha/")
        'https://ws-uv.canfar.net/skaha/v1'
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(
            f"{url!r} is no server's address; write https://ws-uv.canfar.net/skaha for instance"
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigurationError(
            f"a server's address holds no user, query or fragment; "
            f"write {parts.scheme}://{parts.hostname}{parts.path}"
        )
    path = parts.path.rstrip("/") or "/skaha"
    if not VERSION.search(path):
        path += "/v1"
    return f"{parts.scheme}://{parts.netloc}{path}"


def _credential(
    *places: tuple[str | None, str | Path | None],
) -> tuple[str | None, str | Path | None]:
    for token, certificate in places:
        if token and token.strip():
            if certificate:
                logger.warning("both a token and a certificate are given: the token is used")
            return _bearer(token.strip()), None
        if certificate:
            return None, certificate
    return None, None


def _bearer(token: str) -> str:
    # RFC 6750 allows fewer characters still; what is refused here could not even be sent.
    if not all("!" <= character <= "~" for character in token):
        del token  # tracebacks show local variables
        raise ConfigurationError(
            "the token holds a space, a line break or a character that no token has",
            advice="Was more than the token copied?",
        )
    return token


def _existing(certificate: str | Path) -> Path:
    path = Path(certificate).expanduser()
    if not path.is_file():
        raise ConfigurationError(f"there is no certificate at {path}")
    return path


def _first(values: list[Any]) -> Any:
    return next(value for value in values if value is not None and value != "")


def _number(name: str, values: list[Any]) -> float:
    value = _first(values)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = 0.0
    if isinstance(value, bool) or not 0 < number < float("inf"):
        raise ConfigurationError(f"{name} must be a number of seconds above 0, not {value!r}")
    return number


def _whole(name: str, values: list[Any]) -> int:
    value = _first(values)
    try:
        number = int(str(value))
    except ValueError:
        number = 0
    if number < 1:
        raise ConfigurationError(f"{name} must be a whole number of at least 1, not {value!r}")
    return number
