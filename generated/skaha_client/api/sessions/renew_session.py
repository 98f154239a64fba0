"""Give a session more time.

Moves the end of a session to the platform's configured lifetime (4 days as shipped) from now, if that is later
than its end now; a desktop's apps are renewed with it. **200 with an empty body says nothing about whether
anything changed**: a headless session, with its 14 days, isn't prolonged until fewer than those days remain.
Compare `expiryTime` before and after.

Only a session whose container is starting or running can be renewed; unknown, foreign, finished and queued ones
answer **400, not 404**. (protocol notes 1.7)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response, build, given, path_segment, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.renew_session_body import RenewSessionBody


def get_kwargs(session_id: str, *, body: RenewSessionBody) -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {
        "method": "POST",
        "url": "/session/{session_id}".format(session_id=path_segment(session_id)),
    }
    headers: dict[str, str] = given({})
    # Said even when there is nothing to say it of: without it the server reads no parameter at all.
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    kwargs["data"] = body.to_dict()
    kwargs["headers"] = headers
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


def sync_detailed(
    session_id: str, *, client: AuthenticatedClient | Client, body: RenewSessionBody
) -> Response[str | None]:
    """Give a session more time.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        body: The request for more time, as a form.

    Returns:
        The reply; its `parsed` is None for a success, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id, body=body)
    response = client.get_httpx_client().request(**kwargs)
    return build_response(response)


def sync(session_id: str, *, client: AuthenticatedClient | Client, body: RenewSessionBody) -> str | None:
    """Give a session more time.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        body: The request for more time, as a form.

    Returns:
        None for a success, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return sync_detailed(session_id, client=client, body=body).parsed


async def asyncio_detailed(
    session_id: str, *, client: AuthenticatedClient | Client, body: RenewSessionBody
) -> Response[str | None]:
    """Give a session more time.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        body: The request for more time, as a form.

    Returns:
        The reply; its `parsed` is None for a success, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id, body=body)
    response = await client.get_async_httpx_client().request(**kwargs)
    return build_response(response)


async def asyncio(session_id: str, *, client: AuthenticatedClient | Client, body: RenewSessionBody) -> str | None:
    """Give a session more time.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        body: The request for more time, as a form.

    Returns:
        None for a success, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return (await asyncio_detailed(session_id, client=client, body=body)).parsed
