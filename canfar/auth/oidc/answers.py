"""Ask an OIDC provider, and understand what it answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from canfar._core.sealed import Sealed
from canfar._http.addresses import secure
from canfar._http.plain import Answer, BasicLogin, ask
from canfar.config.nodes import as_mapping
from canfar.errors import BadReply, LoginFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx
    from oauthlib.oauth2 import OAuth2Error

    from canfar.models.login import OIDCClient

__all__ = ["document", "post", "refusal", "said"]


async def post(
    http: httpx.AsyncClient, url: str, form: Mapping[str, str], client: OIDCClient
) -> Answer:
    """Send a form to the provider, as the registered client.

    Whatever the provider says is an answer, a refusal too: :func:`said` makes an error of one.

    Raises:
        ConfigurationError: The URL is no address, or what is sent could be read on the way.
        InvalidInput: The same, where only httpx notices.
        Unreachable: The provider cannot be reached.
        NotLoggedIn: It demands the certificate of a user.
        TimedOut: It did not answer in time.
        BadReply: Its answer is too long.
    """
    fields = Sealed(form)
    login = None
    if client.secret:
        # Both are encoded before they are put together (RFC 6749, 2.3.1).
        login = BasicLogin(quote(client.identity or "", safe=""), quote(client.secret, safe=""))
    else:
        fields["client_id"] = client.identity or ""
    return await ask(
        http,
        secure(url),
        method="POST",
        accept="application/json",
        form=fields,
        login=login,
    )


def document(answer: Answer) -> dict[str, Any]:
    """Return the JSON object that came.

    Raises:
        BadReply: It is none.
    """
    try:
        found = as_mapping(json.loads(answer.content))
    except ValueError:
        found = None
    if found is None:
        raise BadReply(
            f"{answer.url} answered with {answer.media or 'nothing'} (HTTP {answer.status}), "
            "not with JSON",
            advice="Is a proxy or a login page in the way?" if "html" in answer.media else "",
        )
    return dict(found)


def refusal(answer: Answer) -> str:
    """Return the code of the error that a provider answered with, or an empty string."""
    try:
        return str(document(answer).get("error") or "")
    except BadReply:
        return ""


def said(answer: Answer) -> LoginFailed:
    """Return the error for a provider that said no, with its words."""
    try:
        words = document(answer)
    except BadReply:
        words = {}
    code = str(words.get("error") or f"HTTP {answer.status}")
    text = str(words.get("error_description") or "")
    return LoginFailed(
        f"the identity provider refused: {code}{': ' if text else ''}{text}",
        status_code=answer.status,
        method="POST",
        url=answer.url,
        server_text=text or code,
    )


def as_refusal(error: OAuth2Error, answer: Answer) -> LoginFailed:
    """Return the error for a reply with tokens that makes no sense."""
    return LoginFailed(
        f"the identity provider's answer cannot be used: {error.error}: {error.description or ''}",
        status_code=answer.status,
        method="POST",
        url=answer.url,
    )
