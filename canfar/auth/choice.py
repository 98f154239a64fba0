"""Choose the server and the credential: arguments, then ``CANFAR_*``, then what is saved.

A credential goes to the server that it was chosen for, and to no other:

1. A token or certificate given as an argument, whatever the server.
2. One in the environment, for the server in ``CANFAR_URL`` if that is set too.
3. One in a ``Configuration`` that was handed over.
4. The saved login of the identity provider that was asked for, or whose server it is.
5. Inside a session on the platform, the certificate that the platform put there.
"""

from __future__ import annotations

import logging
import os
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from attrs import field, frozen

from canfar._http.addresses import origin, versioned
from canfar.auth.identity import Identity, IdentityKind
from canfar.errors import ConfigurationError, CredentialUnusable, NoServer, NotLoggedIn
from canfar.models.built_in import LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from canfar.auth.tokens import TokenSource
    from canfar.config import Saved
    from canfar.models.config import Configuration
    from canfar.models.login import Login
    from canfar.models.server import Server

logger: Final = logging.getLogger("canfar")

GIVEN: Final = ("CANFAR_TOKEN", "CANFAR_TOKEN_FILE", "CANFAR_CERTIFICATE")
"""The variables that give a credential."""

UNUSED: Final = "the active server is local; CANFAR_URL or `canfar server use` chooses another"
"""Why none of them is used where nothing but the saved choice names the server local."""

SAID: Final[set[str]] = set()
"""Credentials of which this process has said already that they are not used."""

NO_ACCOUNT: Final = "No account? `canfar server use local` takes a platform on your own machine."


Where: TypeAlias = Literal["argument", "environment", "configuration"]
"""Where a credential can be given directly, the first that counts first."""

Given: TypeAlias = "tuple[str | Path | None, str | Path | None, Where, str | None]"
"""A token, a certificate, where they are given, and the server they are for."""


class Why(Enum):
    """What made a server the one to use, as people are told."""

    URL = "argument url="
    SERVER = "argument server="
    ENVIRONMENT = "CANFAR_URL"
    CONFIGURATION = "configuration"
    ACTIVE = "the active server"
    PLATFORM = "this session on the platform"
    CERTIFICATE = "the certificate in your home folder"
    BUILT_IN = "the platform on this machine"


@frozen(kw_only=True)
class Wanted:
    """What the caller of a client asked for; None for what was left out."""

    url: str | None = None
    server: str | None = None
    token: str | Path | None = field(default=None, repr=False)
    certificate: str | Path | None = None
    authentication_idp: str | None = None


@frozen(kw_only=True)
class Choice:
    """A server, and the credential for it.

    Attributes:
        url: The versioned base of the server.
        identity: What was chosen and why.
        tokens: Where tokens come from, or None.
        certificate: The proxy certificate, or None.
    """

    url: str
    identity: Identity
    tokens: TokenSource | None = field(default=None, repr=False)
    certificate: Path | None = None


@frozen(kw_only=True)
class Found:
    """A credential that was given directly, and where; ``two`` if a certificate beside a token."""

    token: str | Path | None = field(repr=False)
    certificate: str | Path | None
    where: Where
    only_for: str | None = None
    two: bool = False

    @property
    def source(self) -> str:
        """Where it was given, in words."""
        what = "certificate" if self.token is None else "token"
        if self.where == "environment":
            return f"CANFAR_{what.upper()}{'_FILE' if isinstance(self.token, Path) else ''}"
        return f"argument {what}=" if self.where == "argument" else f"{what} of the configuration"


@frozen(kw_only=True)
class Place:
    """A server, and how it came to be that one."""

    url: str
    why: Why
    server: Server | None = None
    file: Path | None = None

    @property
    def reason(self) -> str:
        """How it came to be that one, in words."""
        return f"{self.why.value} in {self.file}" if self.file else self.why.value


def choose(wanted: Wanted, config: Configuration | None) -> Choice:
    """Return the server and the credential that hold.

    Args:
        wanted: What the caller asked for.
        config: What the caller handed over beside it.

    Raises:
        NoServer: There is no server to use.
        ConfigurationError: A value makes no sense.
        NotLoggedIn: The server was chosen by name or before, and nobody is logged in for it.
    """
    idp = wanted.authentication_idp or os.environ.get("CANFAR_AUTHENTICATION_IDP")
    idp = idp or (config and config.authentication_idp) or None
    direct = _given(wanted, config)
    place = _place(wanted, config, None if direct else idp, direct)
    if place.why is Why.BUILT_IN:
        explicit = wanted.server or (config and config.server)
        return _local(direct, "the server local has a login of its own" if explicit else UNUSED)
    url = versioned(place.url, config.allow_http if config else ())
    if direct is not None and (direct.only_for is None or origin(direct.only_for) == origin(url)):
        if idp is not None:
            logger.warning("the login of %s is not used: %s is given too", idp, direct.source)
        return _direct(direct, url)
    if direct is not None:
        logger.warning(
            "the credential in the environment is for %s and is not sent to %s",
            direct.only_for,
            url,
        )
    return _saved(place, url, idp)


def _given(wanted: Wanted, config: Configuration | None) -> Found | None:
    environ = os.environ
    token_file = environ.get("CANFAR_TOKEN_FILE")
    places: tuple[Given, ...] = (
        (wanted.token, wanted.certificate, "argument", None),
        (
            environ.get("CANFAR_TOKEN") or (Path(token_file) if token_file else None),
            environ.get("CANFAR_CERTIFICATE"),
            "environment",
            environ.get("CANFAR_URL"),
        ),
        (
            config.token if config else None,
            config.certificate if config else None,
            "configuration",
            None,
        ),
    )
    for token, certificate, where, only_for in places:
        if token is not None and not isinstance(token, str | Path):
            kind = type(token).__name__
            raise ConfigurationError(f"token= is text or a Path to a file with it, not {kind}")
        if isinstance(token, Path) or (token and token.strip()):
            return Found(
                token=token,
                certificate=None,
                where=where,
                only_for=only_for,
                two=bool(certificate),
            )
        if certificate:
            return Found(token=None, certificate=certificate, where=where, only_for=only_for)
    return None


def _place(
    wanted: Wanted, config: Configuration | None, idp: str | None, direct: Found | None
) -> Place:
    """Find the server, in the first place that names one."""
    if wanted.url:
        return Place(url=str(wanted.url), why=Why.URL)
    if wanted.server:
        return _named(wanted.server, Why.SERVER)
    if os.environ.get("CANFAR_URL"):
        return Place(url=os.environ["CANFAR_URL"], why=Why.ENVIRONMENT)
    if config and config.url:
        return Place(url=str(config.url), why=Why.CONFIGURATION)
    if config and config.server:
        return _named(config.server, Why.CONFIGURATION)
    return _remembered(idp) or _surroundings() or _default(direct)


def _named(selector: str, why: Why) -> Place:
    if selector == LOCAL:
        return Place(url="", why=Why.BUILT_IN)
    from canfar.server import find  # noqa: PLC0415 - only who names a server needs it

    server = find(selector, _load())
    return Place(url=server.base, why=why, server=server)


def _remembered(idp: str | None) -> Place | None:
    saved = _load()
    name = saved.active.server
    if idp is not None:
        saved.login_of(idp)
        current = saved.servers.get(name or "")
        if current is None or current.idp != idp:
            name = saved.active.servers.get(idp) or _only(idp, saved)
    if name == LOCAL:
        return Place(url="", why=Why.BUILT_IN)
    server = saved.servers.get(name or "")
    if server is None:
        return None
    return Place(url=server.base, why=Why.ACTIVE, server=server, file=saved.path)


def _only(idp: str, saved: Saved) -> str | None:
    names = [name for name, server in saved.servers.items() if server.idp == idp]
    if len(names) > 1:
        raise ConfigurationError(
            f"several servers take a login of {idp}: {', '.join(sorted(names))}",
            advice="Choose one with `canfar server use NAME`, or pass server=.",
        )
    return names[0] if names else None


def _surroundings() -> Place | None:
    """Find the platform that this runs on, if it runs inside a session.

    The platform sets these variables in each container it starts (protocol notes 6.1, a fact of
    Skaha 1.4).
    """
    host = os.environ.get("skaha_hostname")  # noqa: SIM112 - the platform writes it small
    if not host or not os.environ.get("skaha_sessionid"):  # noqa: SIM112 - the same
        return None
    return Place(url=f"https://{host}/skaha", why=Why.PLATFORM)


def _default(direct: Found | None) -> Place:
    from canfar.idp import default_server  # noqa: PLC0415 - only without any other server

    server = default_server() if direct is None and _proxy().is_file() else None
    if server is not None:
        return Place(url=server.base, why=Why.CERTIFICATE, server=server)
    logins = [key for key in _load().authentication if key != LOCAL]
    if logins and direct is None:
        raise NoServer(
            f"no server is chosen for the login of {' or '.join(logins)}",
            advice="`canfar server ls --discover` shows which there are, and "
            "`canfar server use NAME` chooses one.",
        )
    raise NoServer(
        f"no server to use: nobody is logged in{_missing()}",
        advice="`canfar login` logs in; or pass url= and token=, or set CANFAR_URL and "
        f"CANFAR_TOKEN. {NO_ACCOUNT} Or `python -m canfar.local` prints what to set.",
    )


def _proxy() -> Path:
    from canfar.models.login import PROXY  # noqa: PLC0415 - only without another credential

    return PROXY.expanduser()


def _local(direct: Found | None, why: str) -> Choice:
    from canfar.auth.tokens import FixedToken  # noqa: PLC0415 - only where it is used
    from canfar.local.joining import join_or_start  # noqa: PLC0415 - most never need it

    if direct is not None and direct.where == "argument":
        raise ConfigurationError(
            "the server local has a login of its own",
            advice="Leave token= and certificate= out.",
        )
    joined = join_or_start()
    # Whoever asks the platform for its variables has its own login there.
    own = direct is None or (direct.only_for and origin(direct.only_for) == origin(joined.url))
    if direct is not None and not own and direct.source not in SAID:
        SAID.add(direct.source)
        logger.warning("%s is not used: %s", direct.source, why)
    identity = Identity(
        kind="token",
        idp=LOCAL,
        source="the local platform's own",
        server=joined.url,
    )
    return Choice(url=joined.url, identity=identity, tokens=FixedToken(joined.token))


def _direct(found: Found, url: str) -> Choice:
    if found.token is None:
        if found.certificate is None:
            raise ValueError("a credential is a token or a certificate")
        return _with_certificate(found.certificate, url, None, found.source)
    from canfar.auth.tokens import FixedToken, TokenFile, expiry  # noqa: PLC0415 - only if used

    if found.two:
        logger.warning("both a token and a certificate are given: the token is used")
    tokens: TokenSource = (
        TokenFile(found.token) if isinstance(found.token, Path) else FixedToken(found.token)
    )
    identity = _identity("token", None, found.source, url, lambda: expiry(tokens.current()))
    return Choice(url=url, identity=identity, tokens=tokens)


def _saved(place: Place, url: str, idp: str | None) -> Choice:
    """Return the login that is kept for this server."""
    server = place.server
    if idp is None and server is None:
        server = _at(url)
    name = idp or (server.idp if server else None)
    saved = _load() if name else None
    login = saved.authentication.get(name) if saved and name else None
    if login is not None and saved is not None:
        return _logged_in(login, url, saved)
    if place.why is Why.PLATFORM or name == "cadc":
        certificate = _proxy()
        if certificate.is_file():
            return _with_certificate(certificate, url, "cadc", f"{place.reason}: {certificate}")
    if server is not None and place.server is not None:
        raise NotLoggedIn(
            f"nobody is logged in for {server.name} ({url}){_missing()}",
            advice=f"`canfar login {name or ''}".rstrip() + "` logs in, or pass token=.",
        )
    return Choice(
        url=url,
        identity=_identity("anonymous", None, "no credential is given or kept", url),
    )


def _at(url: str) -> Server | None:
    """Return the saved server at this address; a broken file knows none."""
    try:
        saved = _load()
    except ConfigurationError as error:
        logger.warning("no saved login is looked for: %s", error)
        return None
    same = [server for server in saved.servers.values() if origin(server.url) == origin(url)]
    # Two services of one host may have different users.
    path = urlsplit(url).path
    return next((server for server in same if path.startswith(urlsplit(server.url).path)), None)


def _logged_in(login: Login, url: str, saved: Saved) -> Choice:
    from canfar.models.login import X509Login  # noqa: PLC0415 - only with a saved login

    source = f"saved login in {saved.path}"
    if isinstance(login, X509Login):
        return _with_certificate(login.path, url, login.idp, source)
    from canfar.auth.tokens import OIDCTokens  # noqa: PLC0415 - only with such a login

    tokens = OIDCTokens(login.idp, saved.path)
    identity = _identity("oidc", login.idp, source, url, tokens.expires)
    return Choice(url=url, identity=identity, tokens=tokens)


def _with_certificate(certificate: str | Path, url: str, idp: str | None, source: str) -> Choice:
    path = Path(certificate).expanduser()
    if not path.is_file():
        # One that was named is a mistake in what was given; a login without its own is over.
        kind = CredentialUnusable if idp is None else NotLoggedIn
        raise kind(
            f"there is no certificate at {path} ({source})",
            advice="`canfar login cadc` gets one.",
        )

    def expires() -> datetime:
        from canfar.auth.x509 import read  # noqa: PLC0415 - it brings cryptography

        return read(path).not_after

    return Choice(
        url=url,
        certificate=path,
        identity=Identity(
            kind="certificate",
            idp=idp,
            source=source,
            server=url,
            certificate=path,
            expires=expires,
        ),
    )


def _identity(
    kind: IdentityKind,
    idp: str | None,
    source: str,
    url: str,
    expires: Callable[[], datetime | None] | None = None,
) -> Identity:
    if expires is None:
        return Identity(kind=kind, idp=idp, source=source, server=url)
    return Identity(kind=kind, idp=idp, source=source, server=url, expires=expires)


def _missing() -> str:
    from canfar.config.location import missing  # noqa: PLC0415 - only who is not logged in

    return missing()


def _load() -> Saved:
    from canfar.config import load  # noqa: PLC0415 - only where the file is needed

    return load()
