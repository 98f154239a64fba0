"""Renew an access token (RFC 6749, section 6), keeping a new refresh token if one comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import evolve

from canfar._core.sealed import Sealed
from canfar._http.plain import new_plain_client
from canfar.auth.oidc.answers import post, refusal, said
from canfar.auth.oidc.device import token_of
from canfar.errors import NotLoggedIn

if TYPE_CHECKING:
    from canfar.models.login import OIDCLogin

__all__ = ["refresh"]

TIMEOUT: Final = 30.0
OVER: Final = frozenset({"invalid_grant", "invalid_client", "unauthorized_client"})


async def refresh(login: OIDCLogin) -> OIDCLogin:
    """Return the login with a new access token.

    Raises:
        NotLoggedIn: The provider takes the refresh token no more.
        LoginFailed: It refused for another reason.
        Unreachable: It cannot be reached.
    """
    if not login.token.refresh or not login.endpoints.token:
        raise NotLoggedIn(
            f"the login of {login.idp} has expired and cannot be renewed",
            advice=f"`canfar login {login.idp}` logs in again.",
        )
    form = Sealed(grant_type="refresh_token", refresh_token=login.token.refresh)
    async with new_plain_client(TIMEOUT, redirects=False) as http:
        answer = await post(http, login.endpoints.token, form, login.client)
    if refusal(answer) in OVER:
        raise NotLoggedIn(
            f"the login of {login.idp} is over: {said(answer).server_text}",
            advice=f"`canfar login {login.idp}` logs in again.",
            server_text=answer.text,
        )
    if not answer.ok:
        raise said(answer)
    new = token_of(answer.text, answer)
    kept = evolve(
        new,
        refresh=new.refresh or login.token.refresh,
        refresh_expires=None if new.refresh else login.token.refresh_expires,
        scope=new.scope or login.token.scope,
    )
    return evolve(login, token=kept)
