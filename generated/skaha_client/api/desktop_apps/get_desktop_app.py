"""Read a desktop app.

One app, in the shape of a session: `type` is `desktop-app`, `id` its desktop's ID, `appid` its own, and
`connectURL` is empty. (protocol notes 1.10, 2.9)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response, build, json_value, media_type, path_segment, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.session import Session


def get_kwargs(session_id: str, app_id: str) -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/session/{session_id}/app/{app_id}".format(
            session_id=path_segment(session_id), app_id=path_segment(app_id)
        ),
    }
    return kwargs


def build_response(response: httpx.Response, *, client: object = None) -> Response[Session | str]:
    """Read a reply, by its status and its Content-Type. Pure; `client` is taken as the stock template has it, and unused.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
    """
    return build(response, _parse(response))


def _parse(response: httpx.Response) -> Session | str:
    if not 200 <= response.status_code <= 299:
        return text(response)
    media = media_type(response)
    if media == "application/json":
        from ...models.session import Session

        return json_value(response, Session.from_dict)
    raise unexpected(response)


def sync_detailed(session_id: str, app_id: str, *, client: AuthenticatedClient | Client) -> Response[Session | str]:
    """Read a desktop app.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        app_id: A desktop app's ID, 3 characters. Never empty.
        client: Where to send it.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id, app_id)
    response = client.get_httpx_client().request(**kwargs)
    return build_response(response)


def sync(session_id: str, app_id: str, *, client: AuthenticatedClient | Client) -> Session | str:
    """Read a desktop app.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        app_id: A desktop app's ID, 3 characters. Never empty.
        client: Where to send it.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return sync_detailed(session_id, app_id, client=client).parsed


async def asyncio_detailed(
    session_id: str, app_id: str, *, client: AuthenticatedClient | Client
) -> Response[Session | str]:
    """Read a desktop app.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        app_id: A desktop app's ID, 3 characters. Never empty.
        client: Where to send it.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id, app_id)
    response = await client.get_async_httpx_client().request(**kwargs)
    return build_response(response)


async def asyncio(session_id: str, app_id: str, *, client: AuthenticatedClient | Client) -> Session | str:
    """Read a desktop app.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        app_id: A desktop app's ID, 3 characters. Never empty.
        client: Where to send it.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return (await asyncio_detailed(session_id, app_id, client=client)).parsed
