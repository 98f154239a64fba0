"""List public images.

Images of the registry's public projects, from a cache that is renewed every half hour; only the first tag of each
is listed. An image that isn't listed can still be started with a registry credential.

`types` are the image's labels as the registry has them, in no order: there may be names that are no session kind,
and there may be none. They are a hint; the server doesn't hold the kind of a session against them. (protocol notes 1.12,
2.5)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset, build, given, json_value, list_of, media_type, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.image import Image
    from ...models.session_type import SessionType


def get_kwargs(*, type_: SessionType | Unset = UNSET) -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {"method": "GET", "url": "/image", "params": given({"type": type_}) or None}
    return kwargs


def build_response(response: httpx.Response, *, client: object = None) -> Response[list[Image] | str]:
    """Read a reply, by its status and its Content-Type. Pure; `client` is taken as the stock template has it, and unused.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
    """
    return build(response, _parse(response))


def _parse(response: httpx.Response) -> list[Image] | str:
    if not 200 <= response.status_code <= 299:
        return text(response)
    media = media_type(response)
    if media == "application/json":
        from ...models.image import Image

        return json_value(response, list_of(Image.from_dict))
    raise unexpected(response)


def sync_detailed(
    *, client: AuthenticatedClient | Client, type_: SessionType | Unset = UNSET
) -> Response[list[Image] | str]:
    """List public images.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        type_: The kinds of session. `desktop-app` is a program inside a desktop; it is attached to one, not created.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(type_=type_)
    response = client.get_httpx_client().request(**kwargs)
    return build_response(response)


def sync(*, client: AuthenticatedClient | Client, type_: SessionType | Unset = UNSET) -> list[Image] | str:
    """List public images.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        type_: The kinds of session. `desktop-app` is a program inside a desktop; it is attached to one, not created.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return sync_detailed(client=client, type_=type_).parsed


async def asyncio_detailed(
    *, client: AuthenticatedClient | Client, type_: SessionType | Unset = UNSET
) -> Response[list[Image] | str]:
    """List public images.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        type_: The kinds of session. `desktop-app` is a program inside a desktop; it is attached to one, not created.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(type_=type_)
    response = await client.get_async_httpx_client().request(**kwargs)
    return build_response(response)


async def asyncio(*, client: AuthenticatedClient | Client, type_: SessionType | Unset = UNSET) -> list[Image] | str:
    """List public images.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        type_: The kinds of session. `desktop-app` is a program inside a desktop; it is attached to one, not created.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return (await asyncio_detailed(client=client, type_=type_)).parsed
