"""Exchange a user name and a password for a proxy certificate, as CADC does it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from canfar._drive.private_file import write_private
from canfar._http.addresses import secure
from canfar._http.plain import ask, new_plain_client
from canfar.auth.x509 import parse
from canfar.errors import (
    BadReply,
    CanfarError,
    ConfigurationError,
    InvalidInput,
    LoginFailed,
    Unreachable,
)
from canfar.models.login import X509Login
from canfar.server.capabilities import parse as parse_capabilities
from canfar.server.registry import records

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import httpx

    from canfar._http.plain import BasicLogin

__all__ = ["check", "check_days", "obtain"]

PROXY_STANDARD: Final = "ivo://ivoa.net/std/CDP#proxy-1.0"
BASIC: Final = frozenset({"ivo://ivoa.net/sso#BasicAA", "ivo://ivoa.net/sso#tls-with-password"})
REFUSED: Final = frozenset({401, 403})
LONGEST: Final = 365


async def obtain(
    *,
    idp: str,
    login_for: Callable[[Sequence[str]], BasicLogin],
    days: int,
    path: Path,
    registries: Sequence[str],
    service: str,
    timeout: float,
) -> X509Login:
    """Get a certificate and write it, whole or not at all, so that nobody else can read it.

    Args:
        idp: The key of the identity provider.
        login_for: Gives the user name and the password for the service, of which it gets the URLs:
            its own, then those that vouch for it.
        days: How long it is to last, in days.
        path: Where to write it.
        registries: Where the credential service is listed.
        service: The credential service: its ``ivo://`` identifier, or its URL.
        timeout: Seconds for each phase of a request.

    Returns:
        What to keep of it.

    Raises:
        InvalidInput: Something is missing or makes no sense; nothing was sent.
        LoginFailed: The service refused; its words are in the message.
        Unreachable: Something cannot be reached.
        BadReply: What came is no certificate; nothing was written.
    """
    check_days(days)
    async with new_plain_client(timeout, redirects=False) as client:
        urls = await _addresses(service, registries, client)
        login = login_for(urls)
        check(login)
        url, username = urls[0], login.username
        answer = await ask(client, url, query={"daysValid": str(days)}, login=login)
    if answer.status in REFUSED:
        said = answer.text.strip()[:300] or f"HTTP {answer.status}"
        raise LoginFailed(
            f"the credential service refused {username}: {said}",
            advice="Check the user name and the password.",
            status_code=answer.status,
            method="GET",
            url=url,
            server_text=answer.text,
        )
    if not answer.ok:
        raise LoginFailed(
            f"the credential service failed: {answer.text.strip()[:300]}",
            status_code=answer.status,
            method="GET",
            url=url,
            server_text=answer.text,
        )
    try:
        certificate = parse(answer.content, f"the answer of {url}")
        certificate.check(datetime.now(UTC))
    except ConfigurationError as error:
        raise BadReply(error.message) from None
    _write(path, answer.content)
    return X509Login(idp=idp, path=path, expiry=certificate.not_after.timestamp())


def check(login: BasicLogin) -> None:
    """Raise if these can be nobody's user name and password.

    Raises:
        InvalidInput: One of them is empty or cannot be sent.
    """
    if not login.username.strip():
        raise InvalidInput("the user name is empty")
    if not login.password:
        raise InvalidInput("the password is empty")
    if ":" in login.username:
        raise InvalidInput(f"the user name {login.username!r} holds a ':', which cannot be sent")
    if any(character in login.password for character in "\r\n\0"):
        raise InvalidInput("the password holds a line break")


def check_days(days: int) -> None:
    """Raise if a certificate cannot last that long.

    Raises:
        InvalidInput: It is no whole number of days that makes sense.
    """
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= LONGEST:
        raise InvalidInput(f"days must be a whole number from 1 to {LONGEST}, not {days!r}")


async def _addresses(
    service: str, registries: Sequence[str], client: httpx.AsyncClient
) -> list[str]:
    """Return where certificates are given out to people with a password, and who says so."""
    trusted: list[str] = []
    capabilities = service if "://" in service and not service.startswith("ivo://") else None
    problems: list[CanfarError] = []
    for registry in () if capabilities else registries:
        try:
            capabilities = (await records(registry, client)).get(service)
        except CanfarError as error:
            problems.append(error)
        if capabilities:
            trusted.append(registry)
            break
    if capabilities is None:
        reason = "; ".join(each.message for each in problems) or "no registry lists it"
        kind = type(problems[0]) if problems else Unreachable
        raise kind(f"the credential service {service} cannot be found: {reason}")
    secure(capabilities)
    answer = await ask(client, capabilities, accept="application/xml, text/xml")
    if not answer.ok:
        raise BadReply(f"{capabilities} answered with HTTP {answer.status}")
    for capability in parse_capabilities(answer.content, capabilities):
        for interface in capability.interfaces:
            basic = not BASIC.isdisjoint(interface.security)
            if capability.standard_id == PROXY_STANDARD and basic and interface.url:
                return [secure(interface.url), capabilities, *trusted]
    raise BadReply(f"{capabilities} lists no way to exchange a password for a certificate")


def _write(path: Path, content: bytes) -> None:
    try:
        write_private(path, content)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigurationError(f"the certificate cannot be written to {path}: {reason}") from None
