"""One login from beginning to end: get it, keep it, find the servers it is good for."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from canfar import server as servers
from canfar._http.plain import BasicLogin
from canfar.auth import certificate_service, netrc_file, x509
from canfar.auth.tokens import OIDCTokens, checked
from canfar.auth.tokens import expiry as expiry_of
from canfar.config import aedit, load
from canfar.errors import CanfarError, InvalidInput, LoginFailed, NotLoggedIn
from canfar.idp import IdentityProvider, default_server, get_idp
from canfar.models.login import PROXY, Login, OIDCLogin, OIDCToken, X509Login

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from canfar.auth.oidc import DeviceCode

logger: Final = logging.getLogger("canfar")


@frozen(kw_only=True)
class LoginOptions:
    """How to log in; :func:`canfar.authentication.login` says what each means."""

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    netrc: bool = False
    days: int = 30
    certificate: str | Path | None = None
    service: str | None = None
    token: str | None = field(default=None, repr=False)
    server: str | None = None
    dev: bool = False
    keyring: bool | None = None
    show: Callable[[DeviceCode], None] | None = None
    timeout: float = 10.0


async def log_in(idp: str, options: LoginOptions, *, force: bool = False) -> Login:
    """Log in, keep the login and make it the active one.

    Args:
        idp: The key of the identity provider.
        options: How.
        force: Log in again though the kept login is still good.

    Returns:
        The login that is now kept.

    Raises:
        InvalidInput: There is no such provider, or something it needs is missing.
        LoginFailed: The provider refused.
    """
    provider = get_idp(idp)
    login = await _login(provider, options, force=force)
    await _find_servers(provider, options)
    return login


def kept_certificate(
    provider: IdentityProvider, certificate: str | Path | None = None
) -> X509Login | None:
    """Return a certificate that is there and good, so that no password is needed.

    Args:
        provider: The identity provider.
        certificate: Where to look; None for where the login says, or the usual place.
    """
    kept = load().authentication.get(provider.key)
    return _good(provider, _path_of(kept, certificate))


def expiry(login: Login) -> float | None:
    """Return when a login expires, in Unix seconds; None when nothing says."""
    if isinstance(login, OIDCLogin):
        return login.token.expires
    with suppress(CanfarError):
        return x509.read(login.path).not_after.timestamp()
    return None


async def _login(provider: IdentityProvider, options: LoginOptions, *, force: bool) -> Login:
    if options.token is not None:
        return await _keep(_bearer(provider, options.token), options)
    kept = load().authentication.get(provider.key)
    if provider.mode == "x509":
        where = _path_of(kept, options.certificate)
        login = None if force else _good(provider, where)
        return await _keep(login or await _certificate(provider, where, options), options)
    known = kept if isinstance(kept, OIDCLogin) else None
    good = await _still_good(provider.key, known) if known is not None and not force else None
    if good is not None:
        return await _keep(good, options)
    return await _device(provider, known, options)


def _bearer(provider: IdentityProvider, token: str) -> OIDCLogin:
    if not token.strip():
        raise InvalidInput("the token is empty")
    secret = checked(token)
    expires = expiry_of(secret)
    if expires is not None and expires.timestamp() <= time.time():
        raise LoginFailed(f"the token expired at {expires:%Y-%m-%d %H:%M} UTC")
    kept = OIDCToken(
        access=secret,
        token_type="Bearer",  # noqa: S106 - the type of a token, not a secret
        expires=expires.timestamp() if expires else None,
    )
    return OIDCLogin(idp=provider.key, token=kept)


def _path_of(kept: Login | None, certificate: str | Path | None) -> Path:
    usual = kept.path if isinstance(kept, X509Login) else PROXY
    return Path(certificate or usual).expanduser()


def _good(provider: IdentityProvider, where: Path) -> X509Login | None:
    try:
        found = x509.usable(where)
    except CanfarError:
        return None
    return X509Login(idp=provider.key, path=where, expiry=found.not_after.timestamp())


async def _certificate(provider: IdentityProvider, where: Path, options: LoginOptions) -> X509Login:
    return await certificate_service.obtain(
        idp=provider.key,
        login_for=_who(provider, options),
        days=options.days,
        path=where,
        registries=provider.registries,
        service=options.service or provider.credential_service or "",
        timeout=options.timeout,
    )


def _who(
    provider: IdentityProvider, options: LoginOptions
) -> Callable[[Sequence[str]], BasicLogin]:
    """Return what gives the user name and the password, once it is known who asks for them."""
    if options.netrc:
        kept = netrc_file.read_netrc()
        return lambda urls: kept.login(urls, options.username)
    if not options.username or options.password is None:
        raise InvalidInput(
            f"{provider.key} asks for a user name and a password",
            advice="Pass username= and password=, or netrc=True.",
        )
    login = BasicLogin(options.username, options.password)
    certificate_service.check(login)
    return lambda _: login


async def _still_good(key: str, login: OIDCLogin) -> Login | None:
    """Return a kept login if its provider still takes it, which only using it shows."""
    saved = load()
    is_fresh = (login.token.expires or 0.0) > time.time()
    if not login.token.refresh:
        return login if login.token.access and is_fresh else None
    tokens = OIDCTokens(key, saved.path)
    try:
        await asyncio.to_thread(tokens.renew, login.token.access or "")
    except NotLoggedIn:
        return None
    except CanfarError:
        if not is_fresh:
            raise
    return load().authentication[key]


async def _device(
    provider: IdentityProvider, known: OIDCLogin | None, options: LoginOptions
) -> Login:
    from canfar.auth.oidc import login  # noqa: PLC0415 - only for providers of this kind

    async def keep(approved: OIDCLogin) -> None:
        await _keep(approved, options)

    return await login(provider, known=known, show=options.show, on_login=keep)


async def _keep(login: Login, options: LoginOptions) -> Login:
    async with aedit() as draft:
        before = draft.saved
        draft.put_login(login.idp, login, keyring=options.keyring)
        draft.activate(authentication=login.idp, server=before.active.servers.get(login.idp))
    return login


async def _find_servers(provider: IdentityProvider, options: LoginOptions) -> None:
    """Choose a server for the login; that none can be found takes nothing from the login."""
    if options.server is not None:
        try:
            await servers.ause(options.server, timeout=options.timeout)
        except CanfarError:
            logger.warning("you are logged in, but the server is not chosen")
            raise
        return
    found: list[str] = []
    try:
        found = [
            server.name
            for server in await servers.adiscover(
                provider.key, dev=options.dev, timeout=options.timeout
            )
        ]
    except (CanfarError, OSError) as error:
        logger.warning("you are logged in, but no servers could be found: %s", error)
    saved = load()
    current = saved.servers.get(saved.active.server or "")
    if current is not None and current.idp == provider.key:
        return
    usual = default_server()
    if len(found) == 1:
        await servers.ause(found[0], timeout=options.timeout)
    elif usual is not None and usual.idp == provider.key:
        async with aedit() as draft:
            draft.put_server(saved.servers.get(usual.name, usual))
            draft.activate(authentication=provider.key, server=usual.name)
