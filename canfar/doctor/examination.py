"""Look at everything that a client depends on, one after the other."""

from __future__ import annotations

import os
import platform
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from canfar import __version__
from canfar._drive.blocking import run
from canfar.auth.choice import GIVEN, UNUSED
from canfar.doctor.report import Finding, Report
from canfar.errors import CanfarError
from canfar.models.built_in import LOCAL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from canfar.auth.identity import Identity
    from canfar.config import Saved
    from canfar.sessions import AsyncSession

__all__ = ["adiagnose", "diagnose"]

SOON: Final = timedelta(days=3)
SKEW: Final = timedelta(minutes=2)
GOOD: Final = 200
OTHERS: Final = 0o077
PROXIES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
OWN: Final = frozenset({"CANFAR_CONFIG", "CANFAR_CATALOGUE", "CANFAR_KEYRING"})
"""Variables that set something the file does not hold."""
DISTRIBUTIONS: Final = ("httpx", "attrs", "python-dateutil", "cryptography")


def diagnose(**options: Any) -> Report:
    """Look at configuration, credential, server, clock and versions.

    Args:
        options: Those of :class:`~canfar.sessions.Session`, to examine another client than the
            one that has none.

    Returns:
        What was found; nothing in it is secret.

    Example:
        >>> from canfar.doctor import diagnose
        >>> diagnose().ok
        True
    """
    return run(adiagnose(**options))


async def adiagnose(**options: Any) -> Report:
    """For asyncio: :func:`diagnose`."""
    findings = [_versions(), *_configuration(options), *_proxies()]
    from canfar.sessions import AsyncSession  # noqa: PLC0415 - first what needs no client

    try:
        session = AsyncSession(**options)
    except CanfarError as error:
        findings.append(_wrong("login", error))
        return Report(tuple(findings))
    async with session:
        findings.append(Finding(name="server", verdict="ok", text=session.url))
        findings.append(_credential(session.identity))
        findings += await _server(session)
    return Report(tuple(findings))


def _versions() -> Finding:
    parts = [f"canfar {__version__}", f"Python {platform.python_version()}", ssl.OPENSSL_VERSION]
    for name in DISTRIBUTIONS:
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return Finding(name="versions", verdict="ok", text=", ".join(parts))


def _configuration(options: Mapping[str, Any]) -> list[Finding]:
    from canfar.config import Saved, load, path  # noqa: PLC0415 - it brings YAML
    from canfar.models.login import X509Login  # noqa: PLC0415 - the same

    file = path()
    variables = sorted(
        name for name in os.environ if name.startswith("CANFAR_") and name not in OWN
    )
    found: list[Finding] = []
    try:
        saved = load()
    except CanfarError as error:
        found.append(_wrong("configuration", error))
        saved = Saved(path=file)
        secrets = [file]
    else:
        there = "" if file.exists() else " (not there)"
        logins = ", ".join(saved.authentication) or "none"
        text = f"{file}{there}; logins: {logins}; server: {saved.active.server or 'none'}"
        found.append(Finding(name="configuration", verdict="ok", text=text))
        kept = saved.authentication.values()
        secrets = [file, *(each.path for each in kept if isinstance(each, X509Login))]
        named = os.environ.get("CANFAR_URL") or options.get("url") or options.get("server")
        unused = [] if named or saved.active.server != LOCAL else _given()
        variables = [name for name in variables if name not in unused]
        found += [
            Finding(name="environment", verdict="warning", text=f"{name} is not used: {UNUSED}")
            for name in unused
        ]
    if variables:
        text = f"these win over the file: {', '.join(variables)}"
        found.append(Finding(name="environment", verdict="ok", text=text))
    found += _registry(saved)
    found += [_readable_by_others(each) for each in secrets if _is_open(each)]
    return found


def _given() -> list[str]:
    return [name for name in GIVEN if os.environ.get(name)]


def _registry(saved: Saved) -> list[Finding]:
    from canfar.config import registry_login  # noqa: PLC0415 - it brings YAML

    try:
        login = registry_login(saved)
    except CanfarError as error:
        return [_wrong("registry", error)]
    if login is None:
        return []
    return [Finding(name="registry", verdict="ok", text=f"private images as {login.username}")]


def _is_open(file: Path) -> bool:
    try:
        return os.name == "posix" and bool(file.stat().st_mode & OTHERS)
    except OSError:
        return False


def _readable_by_others(file: Path) -> Finding:
    return Finding(
        name="permissions",
        verdict="wrong",
        text=f"others on this machine can read {file}",
        advice=f"chmod 600 {file}",
    )


def _proxies() -> list[Finding]:
    names = [name for name in PROXIES if os.environ.get(name) or os.environ.get(name.lower())]
    if not names:
        return []
    # Their values may hold a password.
    return [Finding(name="proxy", verdict="ok", text=f"{', '.join(names)} are set")]


def _credential(identity: Identity) -> Finding:
    if identity.kind == "anonymous":
        return Finding(
            name="credential",
            verdict="wrong",
            text=str(identity),
            advice="`canfar login` logs in.",
        )
    return _validity("credential", identity)


def _validity(name: str, identity: Identity) -> Finding:
    try:
        expires = identity.expires
    except CanfarError as error:
        return _wrong(name, error)
    if expires is None:
        return Finding(name=name, verdict="ok", text=f"{identity}; nothing says until when")
    left = expires - datetime.now(UTC)
    text = f"{identity}, until {expires:%Y-%m-%d %H:%M} UTC"
    if identity.kind == "oidc":
        # It is renewed by itself; if that fails, the server's answer says so.
        return Finding(name=name, verdict="ok", text=text)
    if left <= timedelta(0):
        advice = f"`canfar login {identity.idp or ''}".rstrip() + "` gets a new one."
        return Finding(name=name, verdict="wrong", text=f"{text}: expired", advice=advice)
    if left < SOON:
        advice = f"`canfar login {identity.idp or 'cadc'} --force` renews it."
        return Finding(name=name, verdict="warning", text=text, advice=advice)
    return Finding(name=name, verdict="ok", text=text)


async def _server(session: AsyncSession) -> list[Finding]:
    found: list[Finding] = []
    from skaha_client.api.platform import get_availability  # noqa: PLC0415 - it brings httpx

    from canfar._http.failures import as_ours  # noqa: PLC0415 - the same

    before = datetime.now(UTC)
    try:
        # Without the token: the server answers 503 here to one that it does not take (5.8).
        request = get_availability.get_kwargs()
        reply = get_availability.build_response(
            await session.asynclient.request(**request, auth=None)
        )
    except Exception as error:  # noqa: BLE001 - what is no failure of the request is raised again
        return [_wrong("reachable", as_ours(error))]
    now = before + (datetime.now(UTC) - before) / 2
    answers = reply.status_code == GOOD
    text = f"{session.url} answers{'' if answers else f' with HTTP {reply.status_code}'}"
    found.append(Finding(name="reachable", verdict="ok" if answers else "warning", text=text))
    found += _clock(reply.headers.get("date", ""), now)
    try:
        records = await session.fetch()
    except CanfarError as error:
        found.append(_wrong("accepted", error))
    else:
        text = f"the server takes the credential; you have {len(records)} sessions"
        found.append(Finding(name="accepted", verdict="ok", text=text))
    return found


def _clock(date: str, now: datetime) -> list[Finding]:
    try:
        theirs: datetime | None = parsedate_to_datetime(date)
    except ValueError:
        theirs = None
    if theirs is None or theirs.tzinfo is None:
        text = "cannot be compared: the server's reply has no date that makes sense"
        return [Finding(name="clock", verdict="warning", text=text)]
    skew = now - theirs
    seconds = abs(skew.total_seconds())
    if seconds < SKEW.total_seconds():
        text = "agrees with the server's to the second" if seconds < 1.5 else f"{seconds:.0f} s off"  # noqa: PLR2004 - the header has whole seconds
        return [Finding(name="clock", verdict="ok", text=text)]
    word = "ahead of" if skew > timedelta(0) else "behind"
    return [
        Finding(
            name="clock",
            verdict="wrong",
            text=f"{seconds:.0f} s {word} the server's: certificates and tokens seem out of date",
            advice="Set the clock of this machine, with NTP for instance.",
        )
    ]


def _wrong(name: str, error: CanfarError) -> Finding:
    text = error.text
    return Finding(name=name, verdict="wrong", text=text, advice=error.advice)
