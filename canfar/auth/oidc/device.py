"""The device flow: somebody approves in a browser what was asked for here (RFC 8628)."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen
from oauthlib.oauth2 import DeviceClient, OAuth2Error

from canfar._core.sealed import Sealed
from canfar.auth.oidc.answers import as_refusal, document, post, refusal, said
from canfar.auth.oidc.registration import SCOPE
from canfar.errors import BadReply, LoginFailed, LoginTimeout, TimedOut, Unreachable
from canfar.models.login import OIDCToken

if TYPE_CHECKING:
    import httpx

    from canfar.models.login import OIDCClient, OIDCEndpoints

__all__ = ["DeviceCode", "poll", "start", "token_of"]

logger: Final = logging.getLogger("canfar")

INTERVAL: Final = 5.0
"""Seconds between polls when the provider says nothing (RFC 8628, 3.2)."""

SLOWER: Final = 5.0
"""Seconds that each slow_down adds (RFC 8628, 3.5)."""

LONGEST: Final = 60.0
EXPIRES: Final = 1800.0
FIRST_FAULT: Final = 500


@frozen(kw_only=True)
class DeviceCode:
    """What somebody has to approve, and where.

    Attributes:
        user_code: The code to type in.
        verification_uri: Where to type it in.
        verification_uri_complete: The same with the code in it, or None.
        expires_in: Seconds in which it can be approved.
        interval: Seconds between two questions whether it has been.
    """

    user_code: str
    verification_uri: str
    verification_uri_complete: str | None = None
    expires_in: float = EXPIRES
    interval: float = INTERVAL
    device_code: str = field(repr=False)

    @property
    def best_uri(self) -> str:
        """Where to go: with the code in it if the provider offers that."""
        return self.verification_uri_complete or self.verification_uri


async def start(
    endpoints: OIDCEndpoints, client: OIDCClient, http: httpx.AsyncClient
) -> DeviceCode:
    """Ask for a code.

    Raises:
        LoginFailed: The provider refused; ``refusal`` tells why.
    """
    answer = await post(http, endpoints.device or "", {"scope": SCOPE}, client)
    if not answer.ok:
        raise said(answer)
    found = document(answer)
    try:
        return DeviceCode(
            user_code=str(found["user_code"]),
            # Some providers still use the draft's name.
            verification_uri=str(found.get("verification_uri") or found["verification_url"]),
            verification_uri_complete=found.get("verification_uri_complete"),
            expires_in=float(found.get("expires_in") or EXPIRES),
            interval=float(found.get("interval") or INTERVAL),
            device_code=str(found["device_code"]),
        )
    except (KeyError, TypeError, ValueError):
        raise BadReply(f"{answer.url} sent no code to approve") from None


async def poll(
    code: DeviceCode, endpoints: OIDCEndpoints, client: OIDCClient, http: httpx.AsyncClient
) -> OIDCToken:
    """Ask until somebody has approved or denied it.

    Raises:
        LoginFailed: It was denied, or the provider refused.
        LoginTimeout: Nobody approved it in time.
    """
    interval = code.interval
    end = time.monotonic() + code.expires_in
    device = DeviceClient(client.identity or "")
    body = Sealed(grant_type=device.grant_type, device_code=code.device_code)
    while True:
        # Not at once: nobody can have approved it yet.
        await asyncio.sleep(min(interval, max(0.0, end - time.monotonic())))
        if time.monotonic() >= end:
            raise _late()
        try:
            answer = await post(http, endpoints.token or "", body, client)
        except (Unreachable, TimedOut) as error:
            # It may be back before the code expires (RFC 8628, 3.5).
            interval = min(interval * 2, LONGEST)
            logger.info("the identity provider cannot be asked: %s", error.message)
            continue
        if answer.ok:
            return token_of(answer.text, answer)
        match refusal(answer):
            case "authorization_pending":
                continue
            case "slow_down":
                interval += SLOWER
            case "access_denied":
                raise LoginFailed("the login was denied", server_text=answer.text)
            case "expired_token":
                raise _late()
            case "" if answer.status >= FIRST_FAULT:
                interval = min(interval * 2, LONGEST)
            case _:
                raise said(answer)


def token_of(text: str, answer: Any) -> OIDCToken:
    """Return the tokens that a provider sent.

    Raises:
        LoginFailed: They cannot be used.
    """
    try:
        client: Any = DeviceClient("")
        found: dict[str, Any] = client.parse_request_body_response(text)
    except OAuth2Error as error:
        raise as_refusal(error, answer) from None
    if str(found.get("token_type", "Bearer")).lower() != "bearer":
        raise LoginFailed(f"the identity provider sent a {found['token_type']} token, not a Bearer")
    lasts = found.get("expires_in")
    scope = found.get("scope")
    return OIDCToken(
        access=str(found["access_token"]),
        refresh=found.get("refresh_token"),
        token_type="Bearer",  # noqa: S106 - the type of a token, not a secret
        scope=scope if scope is None or isinstance(scope, str) else " ".join(scope),
        expires=None if lasts is None else time.time() + float(lasts),
    )


def _late() -> LoginTimeout:
    return LoginTimeout("nobody approved the login in time", advice="Start again.")
