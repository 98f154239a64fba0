"""Log in, and look after the logins that are kept.

Logins are in the configuration file (:func:`canfar.config.path`); clients made without a credential
use the active one. Each function works in a notebook as it does in a script.

Example:
    >>> from canfar import authentication
    >>> [login.idp for login in authentication.list()]
    []
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable
    from pathlib import Path

    from canfar.auth.oidc import DeviceCode
    from canfar.config import Saved

__all__ = [
    "Authentication",
    "alogin",
    "list",
    "login",
    "purge",
    "remove",
    "show",
    "use",
]


@frozen(kw_only=True)
class Authentication:
    """A login that is kept.

    Attributes:
        idp: The key of its identity provider, ``"cadc"`` for instance.
        name: What people call the provider.
        mode: "x509" or "oidc".
        expiry: When it expires, in Unix seconds, read anew; None when nothing says, or when the
            certificate is gone.
        active: Whether clients use it unless told otherwise.
        server: The name of the server that goes with it, or None.

    Example:
        >>> from canfar import authentication
        >>> login = authentication.show("cadc")
        >>> login.mode, login.active
        ('x509', True)
    """

    idp: str
    name: str
    mode: Literal["x509", "oidc"]
    expiry: float | None
    active: bool
    server: str | None


def login(
    idp: str,
    force: bool = False,
    *,
    username: str | None = None,
    password: str | None = None,
    netrc: bool = False,
    days: int = 30,
    certificate: str | Path | None = None,
    service: str | None = None,
    token: str | None = None,
    server: str | None = None,
    dev: bool = False,
    keyring: bool | None = None,
    show: Callable[[DeviceCode], None] | None = None,
    timeout: float = 10.0,
) -> bool:
    """Log in, keep the login, and make it the active one.

    A login that is still good is used again, unless ``force``. What is asked of you depends on the
    provider: "cadc" takes a user name and a password and gives a certificate, "srcnet" shows a
    code that you approve in a browser. An approved login is kept before anything else is done.

    Args:
        idp: The key of the identity provider, ``"cadc"`` or ``"srcnet"``.
        force: Log in again though the kept login is still good.
        username: Your user name, where a password is asked for.
        password: Your password; it is sent to the provider and kept nowhere.
        netrc: Take user name and password from the netrc file (``~/.netrc``, or ``NETRC``).
        days: How long the certificate is to last, in days.
        certificate: Where the certificate is written; ``~/.ssl/cadcproxy.pem`` by default.
        service: The service that gives certificates: its ``ivo://`` identifier, which the registry
            knows, or the URL of its capabilities; the provider's own by default.
        token: Keep this bearer token as the login instead.
        server: The server to make active: a name, an ``ivo://`` identifier or a URL.
        dev: Look at development registries too.
        keyring: Keep secrets in the system's keyring; None does as ``CANFAR_KEYRING`` says.
        show: Called with the code to approve; prints address and code by default.
        timeout: Seconds that finding servers may take. The approval has its own time.

    Returns:
        True.

    Raises:
        InvalidInput: There is no such provider, or something it needs is missing.
        LoginFailed: The provider refused; its words are in the message.
        LoginTimeout: Nobody approved the code in time.
        Unreachable: The provider cannot be reached.
        ServerNotKnown: There is no such ``server``; the login is kept.
        ConfigurationError: The token cannot be one, or the configuration file cannot be used.

    Example:
        >>> from getpass import getpass
        >>> from canfar import authentication
        >>> password = getpass()  # doctest: +SKIP
        >>> authentication.login("cadc", username="ada", password=password)  # doctest: +SKIP
        True
    """
    from canfar._drive.blocking import run  # noqa: PLC0415 - only who logs in needs it

    coroutine = alogin(
        idp,
        force,
        username=username,
        password=password,
        netrc=netrc,
        days=days,
        certificate=certificate,
        service=service,
        token=token,
        server=server,
        dev=dev,
        keyring=keyring,
        show=show,
        timeout=timeout,
    )
    del password, token  # tracebacks show local variables
    return run(coroutine)


async def alogin(
    idp: str,
    force: bool = False,
    *,
    username: str | None = None,
    password: str | None = None,
    netrc: bool = False,
    days: int = 30,
    certificate: str | Path | None = None,
    service: str | None = None,
    token: str | None = None,
    server: str | None = None,
    dev: bool = False,
    keyring: bool | None = None,
    show: Callable[[DeviceCode], None] | None = None,
    timeout: float = 10.0,
) -> bool:
    """For asyncio: log in, keep the login, and make it the active one.

    A login that is still good is used again, unless ``force``. What is asked of you depends on the
    provider: "cadc" takes a user name and a password and gives a certificate, "srcnet" shows a
    code that you approve in a browser. An approved login is kept before anything else is done.

    Args:
        idp: The key of the identity provider, ``"cadc"`` or ``"srcnet"``.
        force: Log in again though the kept login is still good.
        username: Your user name, where a password is asked for.
        password: Your password; it is sent to the provider and kept nowhere.
        netrc: Take user name and password from the netrc file (``~/.netrc``, or ``NETRC``).
        days: How long the certificate is to last, in days.
        certificate: Where the certificate is written; ``~/.ssl/cadcproxy.pem`` by default.
        service: The service that gives certificates: its ``ivo://`` identifier, which the registry
            knows, or the URL of its capabilities; the provider's own by default.
        token: Keep this bearer token as the login instead.
        server: The server to make active: a name, an ``ivo://`` identifier or a URL.
        dev: Look at development registries too.
        keyring: Keep secrets in the system's keyring; None does as ``CANFAR_KEYRING`` says.
        show: Called with the code to approve; prints address and code by default.
        timeout: Seconds that finding servers may take. The approval has its own time.

    Returns:
        True.

    Raises:
        InvalidInput: There is no such provider, or something it needs is missing.
        LoginFailed: The provider refused; its words are in the message.
        LoginTimeout: Nobody approved the code in time.
        Unreachable: The provider cannot be reached.
        ServerNotKnown: There is no such ``server``; the login is kept.
        ConfigurationError: The token cannot be one, or the configuration file cannot be used.

    Example:
        >>> from getpass import getpass
        >>> from canfar import authentication
        >>> password = getpass()  # doctest: +SKIP
        >>> await authentication.alogin("cadc", username="ada", password=password)  # doctest: +SKIP
        True
    """
    from canfar.auth.logging_in import LoginOptions, log_in  # noqa: PLC0415 - the same

    options = LoginOptions(
        username=username,
        password=password,
        netrc=netrc,
        days=days,
        certificate=certificate,
        service=service,
        token=token,
        server=server,
        dev=dev,
        keyring=keyring,
        show=show,
        timeout=timeout,
    )
    del password, token  # tracebacks show local variables
    await log_in(idp, options, force=force)
    return True


def use(idp: str) -> Authentication:
    """Make a kept login the active one, with the server that goes with it.

    Args:
        idp: The key of its identity provider.

    Returns:
        The login.

    Raises:
        NotLoggedIn: No such login is kept.
        ConfigurationFileError: The configuration file cannot be read or written.

    Example:
        >>> from canfar import authentication
        >>> authentication.use("srcnet").active
        True
    """
    from canfar.config import edit  # noqa: PLC0415 - it brings YAML

    with edit() as draft:
        draft.saved.login_of(idp)
        draft.activate(authentication=idp, server=_server_of(draft.saved, idp))
    return show(idp)


def list() -> builtins.list[Authentication]:  # noqa: A001 - the name in canfar 1.5
    """Return the logins that are kept, asking nobody.

    Returns:
        One :class:`Authentication` for each, in the order of the file.

    Raises:
        ConfigurationFileError: The configuration file cannot be read.

    Example:
        >>> from canfar import authentication
        >>> [(login.idp, login.active) for login in authentication.list()]
        [('cadc', True), ('srcnet', False)]
    """
    saved = _load()
    return [_describe(saved, key) for key in saved.authentication]


def show(idp: str | None = None) -> Authentication:
    """Return one login.

    Args:
        idp: The key of its identity provider; None for the active one.

    Returns:
        The login.

    Raises:
        NotLoggedIn: No such login is kept.
        ConfigurationFileError: The configuration file cannot be read.

    Example:
        >>> from canfar import authentication
        >>> authentication.show().idp
        'cadc'
    """
    saved = _load()
    key = idp or saved.active.authentication
    if key is None:
        raise _nobody()
    saved.login_of(key)
    return _describe(saved, key)


def remove(idp: str, *, force: bool = False) -> None:
    """Forget a login. A certificate stays where it is: other programs may use it.

    Args:
        idp: The key of its identity provider.
        force: Forget it though it is the active one.

    Raises:
        NotLoggedIn: No such login is kept.
        InvalidInput: It is the active one and ``force`` is not given.
        ConfigurationFileError: The configuration file cannot be read or written.

    Example:
        >>> from canfar import authentication
        >>> authentication.remove("srcnet")
        >>> [login.idp for login in authentication.list()]
        ['cadc']
    """
    from canfar.config import edit  # noqa: PLC0415 - it brings YAML
    from canfar.errors import InvalidInput  # noqa: PLC0415 - only here

    with edit() as draft:
        draft.saved.login_of(idp)
        if draft.saved.active.authentication == idp and not force:
            raise InvalidInput(
                f"{idp} is the active login",
                advice="Use another one first, or pass force=True.",
            )
        draft.remove_login(idp)


def purge(*, force: bool = False) -> None:
    """Forget all logins, and which servers there are. Other settings stay.

    Args:
        force: Has to be True: there is no way back.

    Raises:
        InvalidInput: ``force`` is not given.
        ConfigurationFileError: The configuration file cannot be read or written.

    Example:
        >>> from canfar import authentication
        >>> authentication.purge(force=True)
        >>> authentication.list()
        []
    """
    from canfar.config import edit  # noqa: PLC0415 - it brings YAML
    from canfar.errors import InvalidInput  # noqa: PLC0415 - only here

    if not force:
        raise InvalidInput("purge forgets all logins", advice="Pass force=True if that is meant.")
    with edit() as draft:
        draft.purge()


def _load() -> Saved:
    from canfar.config import load  # noqa: PLC0415 - it brings YAML

    return load()


def _describe(saved: Saved, key: str) -> Authentication:
    from canfar.auth.logging_in import expiry  # noqa: PLC0415 - only here
    from canfar.idp import get_idp  # noqa: PLC0415 - the same
    from canfar.models.login import X509Login  # noqa: PLC0415 - the same

    kept = saved.authentication[key]
    try:
        name = get_idp(key).name
    except LookupError:
        name = key
    return Authentication(
        idp=key,
        name=name,
        mode="x509" if isinstance(kept, X509Login) else "oidc",
        expiry=expiry(kept),
        active=saved.active.authentication == key,
        server=_server_of(saved, key),
    )


def _server_of(saved: Saved, key: str) -> str | None:
    current = saved.active.server
    if saved.active.authentication == key and current:
        return current
    remembered = saved.active.servers.get(key)
    if remembered is not None:
        return remembered
    names = [name for name, server in saved.servers.items() if server.idp == key]
    return names[0] if len(names) == 1 else None


def _nobody() -> Exception:
    from canfar.errors import NotLoggedIn  # noqa: PLC0415 - only here

    return NotLoggedIn("nobody is logged in", advice="`canfar login` logs in.")
