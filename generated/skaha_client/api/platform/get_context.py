"""Read what resources can be asked for.

The values that `cores`, `ram` and `gpus` may take, and how many interactive sessions one may have. `memoryGB`
counts GiB, as `ram` does.

- `default` is a hint for forms. What a session without `cores` or `ram` gets is `defaultRequest`, and as much as
  `defaultLimit` if the node has it free.
- **`maxInteractiveSessions` is a string on some platforms and an integer on others** (by how they're configured),
  and missing on older servers. `gpus.options` may be empty: no GPUs.

(protocol notes 2.4, 6.3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...types import Response, build, json_value, media_type, text, unexpected

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
    from ...models.resource_context import ResourceContext


def get_kwargs() -> dict[str, Any]:
    """What to send: the arguments of an httpx client's `request`. Pure."""
    kwargs: dict[str, Any] = {"method": "GET", "url": "/context"}
    return kwargs


def build_response(response: httpx.Response, *, client: object = None) -> Response[ResourceContext | str]:
    """Read a reply, by its status and its Content-Type. Pure; `client` is taken as the stock template has it, and unused.

    Raises:
        UnexpectedReply: The reply says success, but isn't what this operation documents.
    """
    return build(response, _parse(response))


def _parse(response: httpx.Response) -> ResourceContext | str:
    if not 200 <= response.status_code <= 299:
        return text(response)
    media = media_type(response)
    if media == "application/json":
        from ...models.resource_context import ResourceContext

        return json_value(response, ResourceContext.from_dict)
    raise unexpected(response)


def sync_detailed(*, client: AuthenticatedClient | Client) -> Response[ResourceContext | str]:
    """Read what resources can be asked for.

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


def sync(*, client: AuthenticatedClient | Client) -> ResourceContext | str:
    """Read what resources can be asked for.

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


async def asyncio_detailed(*, client: AuthenticatedClient | Client) -> Response[ResourceContext | str]:
    """Read what resources can be asked for.

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


async def asyncio(*, client: AuthenticatedClient | Client) -> ResourceContext | str:
    """Read what resources can be asked for.

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
