"""Where a client gets its bearer token from, each time it sends a request."""

from __future__ import annotations

import base64
import binascii
import json
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from canfar.errors import CredentialUnusable, NotLoggedIn, TimedOut, Unreachable

if TYPE_CHECKING:
    from pathlib import Path

    from canfar.models.login import OIDCLogin

__all__ = ["FixedToken", "OIDCTokens", "TokenFile", "TokenSource", "checked", "expiry"]

LEEWAY: Final = 20.0
"""Seconds before its end at which an access token is renewed, if it lives long enough."""

SHARE: Final = 0.2
"""The part of a short life that is left over instead."""

PATIENCE: Final = 90.0
"""Seconds to wait for another process that is renewing the token."""


class TokenSource(Protocol):
    """Gives the token to send."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The tokens that were given so far, which no message may show."""
        ...

    def at_hand(self) -> str | None:
        """Return a token that is good now if that takes no waiting."""
        ...

    def current(self) -> str:
        """Return a token that is good now; may take a request to the identity provider."""
        ...

    def renew(self, rejected: str) -> str | None:
        """Return another token than one that the server refused, None if there is no other."""
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

    def at_hand(self) -> str | None:
        """Return the token."""
        return self._token

    def current(self) -> str:
        """Return the token."""
        return self._token

    def renew(self, rejected: str) -> str | None:
        """Return None: there is no other."""
        del rejected
        return None


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

    def at_hand(self) -> str | None:
        """Return the token that the file holds now: looking takes no time worth saving."""
        return self.current()

    def current(self) -> str:
        """Return the token that the file holds now.

        Raises:
            CredentialUnusable: The file cannot be read, or holds no token.
        """
        try:
            seen = self._path.stat()
            stamp = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
            if stamp != self._stamp:
                self._tokens.append(checked(self._path.read_text("utf-8")))
                self._stamp = stamp
        except UnicodeDecodeError:
            raise CredentialUnusable(f"the token file {self._path} holds no text") from None
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CredentialUnusable(
                f"the token file {self._path} cannot be read: {reason}"
            ) from None
        return self._tokens[-1]

    def renew(self, rejected: str) -> str | None:
        """Return the token that the file holds by now, None if it is still the one refused."""
        token = self.current()
        return None if token == rejected else token


class OIDCTokens:
    """The access token of a saved login, renewed before it expires.

    However many threads, tasks and processes need a new one at once, one of them asks the provider
    for it and keeps it in the configuration file, where the others find it.

    Args:
        idp: The key of the login.
        path: The configuration file.
    """

    def __init__(self, idp: str, path: Path) -> None:
        self._idp = idp
        self._path = path
        self._lock = threading.Lock()
        self._login: OIDCLogin | None = None
        self._lifetime = 0.0
        self._secrets: set[str] = set()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The tokens that were read so far."""
        return tuple(self._secrets)

    def at_hand(self) -> str | None:
        """Return the access token if it is good for a while yet."""
        login = self._login
        if login is None or not login.token.access:
            return None
        return login.token.access if self._is_fresh(login) else None

    def current(self) -> str:
        """Return an access token that is good now.

        Raises:
            NotLoggedIn: The login is over.
            Unreachable: The provider cannot be reached and the token has expired.
        """
        found = self.at_hand()
        if found is not None:
            return found
        with self._lock:
            return self.at_hand() or self._found(rejected=None)

    def renew(self, rejected: str) -> str | None:
        """Return another access token than the one that the server refused.

        Raises:
            NotLoggedIn: The login is over.
        """
        with self._lock:
            login = self._login
            if login is not None and login.token.access not in {None, rejected}:
                return login.token.access
            return self._found(rejected=rejected)

    def expires(self) -> datetime | None:
        """Return when the access token expires; it is renewed before that."""
        found = self._read().token.expires
        return None if found is None else datetime.fromtimestamp(found, UTC)

    def _found(self, rejected: str | None) -> str:
        """Return the file's token if it is good, else a new one; the thread lock is held."""
        login = self._take(self._read())
        if self._serves(login, rejected):
            return str(login.token.access)
        from filelock import FileLock, Timeout  # noqa: PLC0415 - only where tokens are renewed

        lock = FileLock(self._path.with_name(f"{self._path.name}.{self._idp}.lock"), mode=0o600)
        try:
            with lock.acquire(timeout=PATIENCE):
                # Another process may have renewed it while this one waited.
                login = self._take(self._read())
                if self._serves(login, rejected):
                    return str(login.token.access)
                return self._renewed(login, rejected)
        except Timeout:
            raise NotLoggedIn(
                f"another process has been renewing the login of {self._idp} "
                f"for {PATIENCE:.0f} seconds"
            ) from None

    def _serves(self, login: OIDCLogin, rejected: str | None) -> bool:
        token = login.token.access
        return bool(token) and token != rejected and self._is_fresh(login)

    def _renewed(self, login: OIDCLogin, rejected: str | None) -> str:
        from canfar._drive.blocking import run  # noqa: PLC0415 - only where tokens are renewed
        from canfar.auth.oidc.refreshing import refresh  # noqa: PLC0415 - the same
        from canfar.config import edit  # noqa: PLC0415 - the same

        still = login.token
        try:
            new = run(refresh(login))
        except (Unreachable, TimedOut):
            if still.access and still.access != rejected and (still.expires or 0) > time.time():
                return still.access
            raise
        with edit(self._path) as draft:
            draft.put_login(self._idp, new)
        self._take(new)
        self._lifetime = (new.token.expires or 0.0) - time.time()
        return str(new.token.access)

    def _read(self) -> OIDCLogin:
        from canfar.config import load  # noqa: PLC0415 - only for saved logins
        from canfar.models.login import OIDCLogin  # noqa: PLC0415 - the same

        login = load(self._path).authentication.get(self._idp)
        if not isinstance(login, OIDCLogin):
            raise NotLoggedIn(
                f"the login of {self._idp} is not kept any more in {self._path}",
                advice=f"`canfar login {self._idp}` logs in.",
            )
        return login

    def _take(self, login: OIDCLogin) -> OIDCLogin:
        before = self._login
        self._login = login
        known = (login.token.access, login.token.refresh, login.client.secret)
        self._secrets.update(secret for secret in known if secret)
        if before is None or before.token.access != login.token.access:
            # When it was given out is not known, but not after the file was written.
            written = self._path.stat().st_mtime
            self._lifetime = (login.token.expires or 0.0) - written
        return login

    def _is_fresh(self, login: OIDCLogin) -> bool:
        expires = login.token.expires
        if expires is None:
            return True  # the server says when it has expired
        leeway = min(LEEWAY, max(0.0, self._lifetime) * SHARE) if login.token.refresh else 0.0
        return time.time() < expires - leeway


def checked(token: str) -> str:
    """Return a token that can be sent, without what surrounds it.

    Raises:
        CredentialUnusable: It is empty or holds what no token holds.
    """
    token = token.strip()
    if not token:
        raise CredentialUnusable("the token is empty")
    # RFC 6750 allows fewer characters still; what is refused here could not even be sent.
    if not all("!" <= character <= "~" for character in token):
        del token  # tracebacks show local variables
        raise CredentialUnusable(
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
