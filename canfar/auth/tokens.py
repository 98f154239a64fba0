"""Where a client gets its bearer token from, each time it sends a request."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pathlib import Path

from canfar.errors import ConfigurationError, NotLoggedIn

__all__ = ["FixedToken", "TokenFile", "TokenSource", "checked", "expiry"]


class TokenSource(Protocol):
    """Gives the token to send."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The tokens that were given so far, which no message may show."""
        ...

    def current(self) -> str:
        """Return a token that is good now; may take a request to the identity provider."""
        ...

    def renew(self, rejected: str) -> str:
        """Return another token than one that the server refused, or raise NotLoggedIn."""
        ...


class FixedToken:
    """A token that stays what it is.

    Args:
        token: The token.
    """

    def __init__(self, token: str) -> None:
        self._token = checked(token)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token."""
        return (self._token,)

    def current(self) -> str:
        """Return the token."""
        return self._token

    def renew(self, rejected: str) -> str:
        """Raise: there is no other token."""
        del rejected
        raise NotLoggedIn("the server refused the token, and there is no other")


class TokenFile:
    """A token in a file, which is read anew when the file changes.

    Args:
        path: The file; it holds the token and nothing else.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.expanduser()
        self._stamp: tuple[int, int, int] | None = None
        self._tokens: list[str] = []

    @property
    def secrets(self) -> tuple[str, ...]:
        """The tokens that the file has held so far."""
        return tuple(self._tokens)

    def current(self) -> str:
        """Return the token that the file holds now.

        Raises:
            ConfigurationError: The file cannot be read, or holds no token.
        """
        try:
            seen = self._path.stat()
            stamp = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
            if stamp != self._stamp:
                self._tokens.append(checked(self._path.read_text("utf-8")))
                self._stamp = stamp
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"the token file {self._path} cannot be read: {error}"
            ) from None
        return self._tokens[-1]

    def renew(self, rejected: str) -> str:
        """Return the token that the file holds by now.

        Raises:
            NotLoggedIn: It is still the one that was refused.
        """
        token = self.current()
        if token == rejected:
            raise NotLoggedIn(f"the server refused the token in {self._path}")
        return token


def checked(token: str) -> str:
    """Return a token that can be sent, without what surrounds it.

    Raises:
        ConfigurationError: It is empty or holds what no token holds.
    """
    token = token.strip()
    if not token:
        raise ConfigurationError("the token is empty")
    # RFC 6750 allows fewer characters still; what is refused here could not even be sent.
    if not all("!" <= character <= "~" for character in token):
        del token  # tracebacks show local variables
        raise ConfigurationError(
            "the token holds a space, a line break or a character that no token has",
            advice="Was more than the token copied?",
        )
    return token


def expiry(token: str) -> datetime | None:
    """Return when a token expires, if it is a JWT that says so; nothing of it is verified."""
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - header, claims, signature
        return None
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims: Any = json.loads(base64.urlsafe_b64decode(padded))
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    except (binascii.Error, ValueError, TypeError, KeyError, OverflowError, OSError):
        return None
