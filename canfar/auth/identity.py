"""Who a client is to its server, and why it is that one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

__all__ = ["Identity", "IdentityKind"]

IdentityKind: TypeAlias = Literal["token", "certificate", "oidc", "anonymous"]

WORDS: Final[dict[IdentityKind, str]] = {
    "token": "a bearer token",
    "certificate": "a proxy certificate",
    "oidc": "a login",
    "anonymous": "nobody",
}


def _unknown() -> datetime | None:
    return None


@frozen(kw_only=True)
class Identity:
    """The credential that a client presents, where it was found, and to which server it goes.

    Attributes:
        kind: "token", "certificate", "oidc" or "anonymous".
        idp: The identity provider that it is from, ``"cadc"`` for instance, or None if that is
            not known.
        source: Where it was found, and so why it was taken.
        server: The server that it is sent to, and no other.
        certificate: The certificate file, if it is one.

    Example:
        >>> from canfar.sessions import Session
        >>> print(Session(url="https://ws.example.org/skaha", token="s3cret").identity)
        a bearer token (argument token=) for https://ws.example.org/skaha/v1
    """

    kind: IdentityKind
    idp: str | None = None
    source: str
    server: str
    certificate: Path | None = None
    _expires: Callable[[], datetime | None] = field(
        default=_unknown, repr=False, eq=False, alias="expires"
    )

    @property
    def expires(self) -> datetime | None:
        """When it expires, looked up anew each time; None when nothing says.

        Raises:
            CanfarError: The certificate or the configuration file cannot be read any more.
        """
        return self._expires()

    def __str__(self) -> str:
        who = WORDS[self.kind] if self.idp is None else f"{WORDS[self.kind]} of {self.idp}"
        return f"{who} ({self.source}) for {self.server}"
