"""List desktop apps.

**All desktop apps of the caller, whatever session the path names**: the ID is never read. Filter by `id`, which
on an app is its desktop's ID. Nothing there is an empty array, never 404. (protocol notes 1.10, 2.9)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import (
    UNSET,
    Response,
    Unset,
    build,
    given,
    json_value,
    list_of,
    media_type,
    one_of,
    path_segment,
    text,
    unexpected,
)

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.list_desktop_apps_view import ListDesktopAppsView
    from ...models.public_session import PublicSession
    from ...models.session import Session


def get_kwargs(
    session_id: str, *, status: str | Unset = UNSET, view: ListDesktopAppsView | Unset = UNSET
) -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/session/{session_id}/app".format(session_id=path_segment(session_id)),
        "params": given({"status": status, "view": view}) or None,
    }
    return kwargs


def build_response(response: httpx.Response, *, client: object = None) -> Response[list[PublicSession | Session] | str]:
    """Read a reply, by its status and its Content-Type. Pure; `client` is taken as the stock template has it, and unused.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
    """
    return build(response, _parse(response))


def _parse(response: httpx.Response) -> list[PublicSession | Session] | str:
    if not 200 <= response.status_code <= 299:
        return text(response)
    media = media_type(response)
    if media == "application/json":
        from ...models.public_session import PublicSession
        from ...models.session import Session

        return json_value(response, list_of(one_of(Session.from_dict, PublicSession.from_dict)))
    raise unexpected(response)


def sync_detailed(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    status: str | Unset = UNSET,
    view: ListDesktopAppsView | Unset = UNSET,
) -> Response[list[PublicSession | Session] | str]:
    """List desktop apps.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        status: Only apps with this status, one whole word without regard to case.
        view: With `all`, everybody's apps with four public fields. Case-sensitive.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id, status=status, view=view)
    response = client.get_httpx_client().request(**kwargs)
    return build_response(response)


def sync(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    status: str | Unset = UNSET,
    view: ListDesktopAppsView | Unset = UNSET,
) -> list[PublicSession | Session] | str:
    """List desktop apps.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        status: Only apps with this status, one whole word without regard to case.
        view: With `all`, everybody's apps with four public fields. Case-sensitive.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return sync_detailed(session_id, client=client, status=status, view=view).parsed


async def asyncio_detailed(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    status: str | Unset = UNSET,
    view: ListDesktopAppsView | Unset = UNSET,
) -> Response[list[PublicSession | Session] | str]:
    """List desktop apps.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        status: Only apps with this status, one whole word without regard to case.
        view: With `all`, everybody's apps with four public fields. Case-sensitive.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id, status=status, view=view)
    response = await client.get_async_httpx_client().request(**kwargs)
    return build_response(response)


async def asyncio(
    session_id: str,
    *,
    client: AuthenticatedClient | Client,
    status: str | Unset = UNSET,
    view: ListDesktopAppsView | Unset = UNSET,
) -> list[PublicSession | Session] | str:
    """List desktop apps.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        status: Only apps with this status, one whole word without regard to case.
        view: With `all`, everybody's apps with four public fields. Case-sensitive.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return (await asyncio_detailed(session_id, client=client, status=status, view=view)).parsed
