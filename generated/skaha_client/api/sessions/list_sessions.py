"""List sessions, or read the platform's statistics.

Without `view`: the caller's own sessions of every kind, headless and finished ones included, desktop apps left
out. The reply is a bare array, empty when nothing matches, in no order to rely on (not by time, for one).

- `view=interactive`: the caller's sessions that aren't headless, desktop apps included; `status` applies, `type`
  does not. Releases before 1.1.4 answer as if there were no `view`.
- `view=all`: everybody's sessions, with four public fields and no ID.
- `view=stats`: one object with the platform's capacity and use. **Often 503**: that is the answer of every
  platform without a metrics service, which is how Skaha is shipped.

An unknown `type` or `status` gives an empty list, never an error. Finished headless sessions vanish one hour
after they end, interactive ones after 24 hours. (protocol notes 1.8, 2.3, 3.4)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset, build, given, json_value, list_of, media_type, one_of, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.list_sessions_view import ListSessionsView
    from ...models.platform_stats import PlatformStats
    from ...models.public_session import PublicSession
    from ...models.session import Session
    from ...models.session_type import SessionType


def get_kwargs(
    *, type_: SessionType | Unset = UNSET, status: str | Unset = UNSET, view: ListSessionsView | Unset = UNSET
) -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {
        "method": "GET",
        "url": "/session",
        "params": given({"type": type_, "status": status, "view": view}) or None,
    }
    return kwargs


def build_response(
    response: httpx.Response, *, client: object = None
) -> Response[list[PublicSession | Session] | PlatformStats | str]:
    """Read a reply, by its status and its Content-Type. Pure; `client` is taken as the stock template has it, and unused.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
    """
    return build(response, _parse(response))


def _parse(response: httpx.Response) -> list[PublicSession | Session] | PlatformStats | str:
    if not 200 <= response.status_code <= 299:
        return text(response)
    media = media_type(response)
    if media == "application/json":
        from ...models.platform_stats import PlatformStats
        from ...models.public_session import PublicSession
        from ...models.session import Session

        return json_value(
            response, one_of(list_of(one_of(Session.from_dict, PublicSession.from_dict)), PlatformStats.from_dict)
        )
    raise unexpected(response)


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    type_: SessionType | Unset = UNSET,
    status: str | Unset = UNSET,
    view: ListSessionsView | Unset = UNSET,
) -> Response[list[PublicSession | Session] | PlatformStats | str]:
    """List sessions, or read the platform's statistics.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        type_: The kinds of session. `desktop-app` is a program inside a desktop; it is attached to one, not created.
        status: Only sessions with this status, compared as one whole word without regard to case. No lists, no prefixes;
            an empty value matches nothing. Skaha 1.4 knows Pending, Running, Completed, Failed and Terminating; older
            releases say Succeeded where it says Completed.
        view: Another view of the same collection. Case-sensitive; servers ignore a view they don't know.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(type_=type_, status=status, view=view)
    response = client.get_httpx_client().request(**kwargs)
    return build_response(response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    type_: SessionType | Unset = UNSET,
    status: str | Unset = UNSET,
    view: ListSessionsView | Unset = UNSET,
) -> list[PublicSession | Session] | PlatformStats | str:
    """List sessions, or read the platform's statistics.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        type_: The kinds of session. `desktop-app` is a program inside a desktop; it is attached to one, not created.
        status: Only sessions with this status, compared as one whole word without regard to case. No lists, no prefixes;
            an empty value matches nothing. Skaha 1.4 knows Pending, Running, Completed, Failed and Terminating; older
            releases say Succeeded where it says Completed.
        view: Another view of the same collection. Case-sensitive; servers ignore a view they don't know.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return sync_detailed(client=client, type_=type_, status=status, view=view).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    type_: SessionType | Unset = UNSET,
    status: str | Unset = UNSET,
    view: ListSessionsView | Unset = UNSET,
) -> Response[list[PublicSession | Session] | PlatformStats | str]:
    """List sessions, or read the platform's statistics.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        type_: The kinds of session. `desktop-app` is a program inside a desktop; it is attached to one, not created.
        status: Only sessions with this status, compared as one whole word without regard to case. No lists, no prefixes;
            an empty value matches nothing. Skaha 1.4 knows Pending, Running, Completed, Failed and Terminating; older
            releases say Succeeded where it says Completed.
        view: Another view of the same collection. Case-sensitive; servers ignore a view they don't know.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(type_=type_, status=status, view=view)
    response = await client.get_async_httpx_client().request(**kwargs)
    return build_response(response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    type_: SessionType | Unset = UNSET,
    status: str | Unset = UNSET,
    view: ListSessionsView | Unset = UNSET,
) -> list[PublicSession | Session] | PlatformStats | str:
    """List sessions, or read the platform's statistics.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        type_: The kinds of session. `desktop-app` is a program inside a desktop; it is attached to one, not created.
        status: Only sessions with this status, compared as one whole word without regard to case. No lists, no prefixes;
            an empty value matches nothing. Skaha 1.4 knows Pending, Running, Completed, Failed and Terminating; older
            releases say Succeeded where it says Completed.
        view: Another view of the same collection. Case-sensitive; servers ignore a view they don't know.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return (await asyncio_detailed(client=client, type_=type_, status=status, view=view)).parsed
