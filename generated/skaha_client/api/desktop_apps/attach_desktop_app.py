"""Start an app in a desktop.

Starts a program in a container of its own, shown on a running desktop, and answers its app ID: 3 characters and
a newline, as `text/plain`. The registry of the image isn't checked, and no registry credential is used.

**200 doesn't prove that the app exists**: what Kubernetes refuses is not reported. The app's name is made from
the image's last part: `.../terminal:1.1.2` becomes `terminal-1-1-2`. Desktops start apps with the same call, under
a token of their own in `x-auth-token-skaha`. (protocol notes 1.5, 5.7)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response, build, given, media_type, path_segment, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.attach_desktop_app_body import AttachDesktopAppBody


def get_kwargs(session_id: str, *, body: AttachDesktopAppBody) -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/session/{session_id}/app".format(session_id=path_segment(session_id)),
    }
    headers: dict[str, str] = given({})
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
    session_id: str, *, client: AuthenticatedClient | Client, body: AttachDesktopAppBody
) -> Response[str]:
    """Start an app in a desktop.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        body: What to start in a desktop, as a form.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id, body=body)
    response = client.get_httpx_client().request(**kwargs)
    return build_response(response)


def sync(session_id: str, *, client: AuthenticatedClient | Client, body: AttachDesktopAppBody) -> str:
    """Start an app in a desktop.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        body: What to start in a desktop, as a form.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return sync_detailed(session_id, client=client, body=body).parsed


async def asyncio_detailed(
    session_id: str, *, client: AuthenticatedClient | Client, body: AttachDesktopAppBody
) -> Response[str]:
    """Start an app in a desktop.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        body: What to start in a desktop, as a form.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id, body=body)
    response = await client.get_async_httpx_client().request(**kwargs)
    return build_response(response)


async def asyncio(session_id: str, *, client: AuthenticatedClient | Client, body: AttachDesktopAppBody) -> str:
    """Start an app in a desktop.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        body: What to start in a desktop, as a form.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return (await asyncio_detailed(session_id, client=client, body=body)).parsed
