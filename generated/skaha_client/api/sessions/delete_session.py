"""Remove a session.

Stops the session and forgets it, its logs included; a desktop's apps go with it. **Always 200 with an empty
body**: for one's own session, an unknown one, someone else's (which stays), even when the removal failed inside.
To know, read the session first, and again afterwards. The record is gone at once; logs and events may still
answer for the container's last seconds. Safe to repeat. (protocol notes 1.11, 3.5)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response, build, path_segment, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def get_kwargs(session_id: str) -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {
        "method": "DELETE",
        "url": "/session/{session_id}".format(session_id=path_segment(session_id)),
    }
    return kwargs


def build_response(response: httpx.Response, *, client: object = None) -> Response[str | None]:
    """Read a reply, by its status and its Content-Type. Pure; `client` is taken as the stock template has it, and unused.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
    """
    return build(response, _parse(response))


def _parse(response: httpx.Response) -> str | None:
    if not 200 <= response.status_code <= 299:
        return text(response)
    if not response.content.strip():
        return None
    raise unexpected(response)


def sync_detailed(session_id: str, *, client: AuthenticatedClient | Client) -> Response[str | None]:
    """Remove a session.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.

    Returns:
        The reply; its `parsed` is None for a success, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id)
    response = client.get_httpx_client().request(**kwargs)
    return build_response(response)


def sync(session_id: str, *, client: AuthenticatedClient | Client) -> str | None:
    """Remove a session.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.

    Returns:
        None for a success, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return sync_detailed(session_id, client=client).parsed


async def asyncio_detailed(session_id: str, *, client: AuthenticatedClient | Client) -> Response[str | None]:
    """Remove a session.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.

    Returns:
        The reply; its `parsed` is None for a success, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id)
    response = await client.get_async_httpx_client().request(**kwargs)
    return build_response(response)


async def asyncio(session_id: str, *, client: AuthenticatedClient | Client) -> str | None:
    """Remove a session.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.

    Returns:
        None for a success, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return (await asyncio_detailed(session_id, client=client)).parsed
