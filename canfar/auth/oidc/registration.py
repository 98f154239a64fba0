"""Register this machine with a provider, once (RFC 7591)."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Final

from canfar._http.plain import ask
from canfar.auth.oidc.answers import document, said
from canfar.errors import BadReply, LoginFailed
from canfar.models.login import OIDCClient

if TYPE_CHECKING:
    import httpx

    from canfar.models.login import OIDCEndpoints, OIDCLogin

__all__ = ["SCOPE", "kept_client", "register"]

SCOPE: Final = "openid profile email offline_access"
DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
CREATED: Final = frozenset({200, 201})


def kept_client(known: OIDCLogin | None, endpoints: OIDCEndpoints) -> OIDCClient | None:
    """Return the registration of an earlier login if it is this provider's and still good."""
    if known is None or not known.client.identity:
        return None
    if known.endpoints.token not in {None, endpoints.token}:
        return None
    ends = known.client.secret_expires_at
    return None if ends and ends <= time.time() else known.client


async def register(endpoints: OIDCEndpoints, http: httpx.AsyncClient) -> OIDCClient:
    """Register this machine with the provider.

    Raises:
        LoginFailed: It does not register anybody, or not this.
    """
    if endpoints.registration is None:
        raise LoginFailed("the identity provider registers no new programs")
    answer = await ask(
        http,
        endpoints.registration,
        method="POST",
        accept="application/json",
        json={
            "client_name": f"canfar @ {socket.gethostname()}",
            "grant_types": [DEVICE_GRANT, "refresh_token"],
            "response_types": [],
            "redirect_uris": [],
            "token_endpoint_auth_method": "client_secret_basic",
            "scope": SCOPE,
        },
    )
    if answer.status not in CREATED:
        raise said(answer)
    found = document(answer)
    if not isinstance(found.get("client_id"), str):
        raise BadReply(f"{answer.url} registered a program without a client_id")
    return OIDCClient(
        identity=found["client_id"],
        secret=found.get("client_secret"),
        secret_expires_at=found.get("client_secret_expires_at"),
    )
