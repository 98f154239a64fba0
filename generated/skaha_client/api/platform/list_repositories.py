"""List the image registries.

The host names of the registries that images may come from: an array of strings. An image must start with one of
them. (protocol notes 2.6)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response, as_str, build, json_value, list_of, media_type, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def get_kwargs() -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {"method": "GET", "url": "/repository"}
    return kwargs


def build_response(response: httpx.Response, *, client: object = None) -> Response[list[str] | str]:
    """Read a reply, by its status and its Content-Type. Pure; `client` is taken as the stock template has it, and unused.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
    """
    return build(response, _parse(response))


def _parse(response: httpx.Response) -> list[str] | str:
    if not 200 <= response.status_code <= 299:
        return text(response)
    media = media_type(response)
    if media == "application/json":
        return json_value(response, list_of(as_str))
    raise unexpected(response)


def sync_detailed(*, client: AuthenticatedClient | Client) -> Response[list[str] | str]:
    """List the image registries.

    The module's docstring says what to know.

    Args:
        client: Where to send it.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs()
    response = client.get_httpx_client().request(**kwargs)
    return build_response(response)


def sync(*, client: AuthenticatedClient | Client) -> list[str] | str:
    """List the image registries.

    The module's docstring says what to know.

    Args:
        client: Where to send it.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return sync_detailed(client=client).parsed


async def asyncio_detailed(*, client: AuthenticatedClient | Client) -> Response[list[str] | str]:
    """List the image registries.

    The module's docstring says what to know.

    Args:
        client: Where to send it.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs()
    response = await client.get_async_httpx_client().request(**kwargs)
    return build_response(response)


async def asyncio(*, client: AuthenticatedClient | Client) -> list[str] | str:
    """List the image registries.

    The module's docstring says what to know.

    Args:
        client: Where to send it.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return (await asyncio_detailed(client=client)).parsed
