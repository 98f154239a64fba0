"""What an OIDC provider says of itself (RFC 8414, OpenID Connect Discovery)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar._http.addresses import secure
from canfar._http.plain import ask
from canfar.auth.oidc.answers import document
from canfar.errors import BadReply, InvalidInput
from canfar.models.login import OIDCEndpoints

if TYPE_CHECKING:
    import httpx

    from canfar.idp import IdentityProvider

__all__ = ["discover"]


async def discover(provider: IdentityProvider, http: httpx.AsyncClient) -> OIDCEndpoints:
    """Return where the provider answers.

    Args:
        provider: The provider.
        http: What asks.

    Raises:
        BadReply: The description is another provider's, or something is missing in it.
        Unreachable: It cannot be reached.
    """
    if not provider.discovery:
        raise InvalidInput(f"{provider.key} has no OIDC description")
    answer = await ask(http, secure(provider.discovery), accept="application/json")
    if not answer.ok:
        raise BadReply(f"{provider.discovery} answered with HTTP {answer.status}")
    found = document(answer)
    # A description of another issuer may send codes and tokens to somebody else (RFC 8414, 3.3).
    if provider.issuer and found.get("issuer") != provider.issuer:
        raise BadReply(
            f"{provider.discovery} describes {found.get('issuer')!r}, not {provider.issuer!r}"
        )
    ends = {
        "device": found.get("device_authorization_endpoint"),
        "registration": found.get("registration_endpoint"),
        "token": found.get("token_endpoint"),
    }
    missing = [name for name in ("device", "token") if not isinstance(ends[name], str)]
    if missing:
        raise BadReply(f"{provider.discovery} names no {' and no '.join(missing)} endpoint")
    for url in filter(None, ends.values()):
        secure(str(url))
    return OIDCEndpoints(discovery=provider.discovery, **ends)
