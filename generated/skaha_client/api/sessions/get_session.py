"""Read a session, its logs or its events.

Without `view` the session as JSON; with `view=logs` or `view=events` plain text. Tell them apart by the reply's
Content-Type. Only one's own sessions are found.

- **Logs are never 404**: unknown, foreign, queued and not-yet-started sessions all answer 200 and an empty body.
  There is no follow, no time stamps, no tail, and logs vanish with the session. For a desktop the output of its
  apps is included.
- **Events** are a table with the columns TYPE REASON MESSAGE FIRST-TIME LAST-TIME, padded with three or more
  spaces. Without events the body is `<none>`. Without a container (unknown, foreign, queued, cleaned up) it's
  404, with a full stop that the JSON view's 404 doesn't have. Kubernetes forgets events after about an hour.
- Any other `view` is ignored.

(protocol notes 1.9, 2.2, 2.7, 2.8)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset, build, given, json_value, media_type, path_segment, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.get_session_view import GetSessionView
    from ...models.session import Session


def get_kwargs(session_id: str, *, view: GetSessionView | Unset = UNSET) -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/session/{session_id}".format(session_id=path_segment(session_id)),
        "params": given({"view": view}) or None,
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
    if media == "text/plain":
        return text(response)
    if not media and not response.content:
        return ""
    raise unexpected(response)


def sync_detailed(
    session_id: str, *, client: AuthenticatedClient | Client, view: GetSessionView | Unset = UNSET
) -> Response[Session | str]:
    """Read a session, its logs or its events.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        view: Text instead of the record. Case-sensitive.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id, view=view)
    response = client.get_httpx_client().request(**kwargs)
    return build_response(response)


def sync(
    session_id: str, *, client: AuthenticatedClient | Client, view: GetSessionView | Unset = UNSET
) -> Session | str:
    """Read a session, its logs or its events.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        view: Text instead of the record. Case-sensitive.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return sync_detailed(session_id, client=client, view=view).parsed


async def asyncio_detailed(
    session_id: str, *, client: AuthenticatedClient | Client, view: GetSessionView | Unset = UNSET
) -> Response[Session | str]:
    """Read a session, its logs or its events.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        view: Text instead of the record. Case-sensitive.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(session_id, view=view)
    response = await client.get_async_httpx_client().request(**kwargs)
    return build_response(response)


async def asyncio(
    session_id: str, *, client: AuthenticatedClient | Client, view: GetSessionView | Unset = UNSET
) -> Session | str:
    """Read a session, its logs or its events.

    The module's docstring says what to know.

    Args:
        session_id: A session's ID: 8 characters, lower-case letters and digits, the first a letter. Compared case-sensitively. Never
            empty: that is another resource.
        client: Where to send it.
        view: Text instead of the record. Case-sensitive.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return (await asyncio_detailed(session_id, client=client, view=view)).parsed
