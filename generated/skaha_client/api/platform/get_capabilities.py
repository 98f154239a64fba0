"""Read where the services are and how to log in.

IVOA VOSI capabilities, as XML, without login. **Not under the versioned base.** Each capability has one interface
for each way to log in; where the platform doesn't accept that way, the interface stays and its `securityMethod`
is missing.

The current services are `http://www.opencadc.org/std/platform#session-1`, `#context-1`, `#image-1` and
`#repository-1`. The older name `vos://cadc.nrc.ca~vospace/CADC/std/Proc#sessions-1.0` is listed too, with a
`/v0` base that release 1.4 doesn't serve. The port is missing from the URLs. (protocol notes 5.8, 1.1)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response, build, media_type, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client


def get_kwargs() -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {"method": "GET", "url": "../capabilities"}
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


def sync_detailed(*, client: AuthenticatedClient | Client) -> Response[str]:
    """Read where the services are and how to log in.

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


def sync(*, client: AuthenticatedClient | Client) -> str:
    """Read where the services are and how to log in.

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


async def asyncio_detailed(*, client: AuthenticatedClient | Client) -> Response[str]:
    """Read where the services are and how to log in.

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


async def asyncio(*, client: AuthenticatedClient | Client) -> str:
    """Read where the services are and how to log in.

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
