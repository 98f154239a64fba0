"""Start a session.

Starts one session and answers its ID: 8 characters and a newline, as `text/plain`, with status 200. Not 201, no
`Location`, no JSON. N replicas are N calls.

- **Not idempotent**: a repeated POST is a second session. After a lost reply, look for the name in the list
  before trying again. The call may take many seconds.
- 200 says that the session was accepted, not that it can run: an image that doesn't exist leaves it Pending.
- `gpus=0` is refused; leave it out instead.
- `cmd`, `args` and `env` reach **headless sessions only**; for other kinds they are dropped without a word.
  `cores` and `ram` have no effect on desktop and firefly.
- Up to 5 interactive sessions (the platform's setting) may be Pending or Running; headless ones aren't counted.
- A headless session lives at most 14 days and its record one hour longer; an interactive one 4 days and 24 hours.

(protocol notes 1.4, 1.6, 3.3, 3.4, 6.3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset, build, given, media_type, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.create_session_body import CreateSessionBody


def get_kwargs(*, body: CreateSessionBody, x_skaha_registry_auth: str | Unset = UNSET) -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {"method": "POST", "url": "/session"}
    headers: dict[str, str] = given({"x-skaha-registry-auth": x_skaha_registry_auth})
    # Said even when there is nothing to say it of: without it the server reads no parameter at all.
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    kwargs["data"] = body.to_dict()
    kwargs["headers"] = headers
    return kwargs


def build_response(response: httpx.Response, *, client: object = None) -> Response[str]:
    """Read a reply, by its status and its Content-Type. Pure; `client` is taken as the stock template has it, and unused.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
    """
    return build(response, _parse(response))


def _parse(response: httpx.Response) -> str:
    if not 200 <= response.status_code <= 299:
        return text(response)
    media = media_type(response)
    if media == "text/plain":
        return text(response)
    if not media and not response.content:
        return ""
    raise unexpected(response)


def sync_detailed(
    *, client: AuthenticatedClient | Client, body: CreateSessionBody, x_skaha_registry_auth: str | Unset = UNSET
) -> Response[str]:
    """Start a session.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        body: What to start, as a form.
        x_skaha_registry_auth: Base64 of `username:secret`, for an image that isn't in the platform's list of public images. The secret may
            hold no colon. The server reads it only for such images and ignores it otherwise, even when it's malformed.
            With any well-formed value an image that doesn't exist is accepted too, and the session stays Pending.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(body=body, x_skaha_registry_auth=x_skaha_registry_auth)
    response = client.get_httpx_client().request(**kwargs)
    return build_response(response)


def sync(
    *, client: AuthenticatedClient | Client, body: CreateSessionBody, x_skaha_registry_auth: str | Unset = UNSET
) -> str:
    """Start a session.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        body: What to start, as a form.
        x_skaha_registry_auth: Base64 of `username:secret`, for an image that isn't in the platform's list of public images. The secret may
            hold no colon. The server reads it only for such images and ignores it otherwise, even when it's malformed.
            With any well-formed value an image that doesn't exist is accepted too, and the session stays Pending.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return sync_detailed(client=client, body=body, x_skaha_registry_auth=x_skaha_registry_auth).parsed


async def asyncio_detailed(
    *, client: AuthenticatedClient | Client, body: CreateSessionBody, x_skaha_registry_auth: str | Unset = UNSET
) -> Response[str]:
    """Start a session.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        body: What to start, as a form.
        x_skaha_registry_auth: Base64 of `username:secret`, for an image that isn't in the platform's list of public images. The secret may
            hold no colon. The server reads it only for such images and ignores it otherwise, even when it's malformed.
            With any well-formed value an image that doesn't exist is accepted too, and the session stays Pending.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(body=body, x_skaha_registry_auth=x_skaha_registry_auth)
    response = await client.get_async_httpx_client().request(**kwargs)
    return build_response(response)


async def asyncio(
    *, client: AuthenticatedClient | Client, body: CreateSessionBody, x_skaha_registry_auth: str | Unset = UNSET
) -> str:
    """Start a session.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        body: What to start, as a form.
        x_skaha_registry_auth: Base64 of `username:secret`, for an image that isn't in the platform's list of public images. The secret may
            hold no colon. The server reads it only for such images and ignores it otherwise, even when it's malformed.
            With any well-formed value an image that doesn't exist is accepted too, and the session stays Pending.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return (await asyncio_detailed(client=client, body=body, x_skaha_registry_auth=x_skaha_registry_auth)).parsed
