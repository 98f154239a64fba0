"""Ask whether the service is up.

IVOA VOSI availability, as XML, without login. **Not under the versioned base.** Since release 1.1.5 it checks
nothing and always says `true`: it shows that the service answers, no more. (protocol notes 5.8)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import UNSET, Response, Unset, build, given, media_type, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.get_availability_detail import GetAvailabilityDetail


def get_kwargs(*, detail: GetAvailabilityDetail | Unset = UNSET) -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {"method": "GET", "url": "../availability", "params": given({"detail": detail}) or None}
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
    if media == "text/xml":
        return text(response)
    if not media and not response.content:
        return ""
    raise unexpected(response)


def sync_detailed(
    *, client: AuthenticatedClient | Client, detail: GetAvailabilityDetail | Unset = UNSET
) -> Response[str]:
    """Ask whether the service is up.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        detail: With `min` the body is empty.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(detail=detail)
    response = client.get_httpx_client().request(**kwargs)
    return build_response(response)


def sync(*, client: AuthenticatedClient | Client, detail: GetAvailabilityDetail | Unset = UNSET) -> str:
    """Ask whether the service is up.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        detail: With `min` the body is empty.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return sync_detailed(client=client, detail=detail).parsed


async def asyncio_detailed(
    *, client: AuthenticatedClient | Client, detail: GetAvailabilityDetail | Unset = UNSET
) -> Response[str]:
    """Ask whether the service is up.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        detail: With `min` the body is empty.

    Returns:
        The reply; its `parsed` is what it was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    kwargs = get_kwargs(detail=detail)
    response = await client.get_async_httpx_client().request(**kwargs)
    return build_response(response)


async def asyncio(*, client: AuthenticatedClient | Client, detail: GetAvailabilityDetail | Unset = UNSET) -> str:
    """Ask whether the service is up.

    The module's docstring says what to know.

    Args:
        client: Where to send it.
        detail: With `min` the body is empty.

    Returns:
        What the reply was read as, and the server's text for every other status.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
        httpx.RequestError: No reply came.
    """
    return (await asyncio_detailed(client=client, detail=detail)).parsed
