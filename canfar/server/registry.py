"""Read a registry: a text that says at which URL each service's capabilities are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar._http.plain import ask
from canfar.errors import BadReply, ServerError

if TYPE_CHECKING:
    import httpx

__all__ = ["lines", "records"]


async def records(url: str, client: httpx.AsyncClient) -> dict[str, str]:
    """Return the services that a registry lists, as ``{identifier: URL}``.

    Args:
        url: The registry's list, ``https://.../reg/resource-caps``.
        client: What asks.

    Raises:
        BadReply: It is no such list.
        ServerError: The registry answered with an error.
        Unreachable: It cannot be reached.
    """
    answer = await ask(client, url, accept="text/plain")
    if not answer.ok:
        raise ServerError(
            f"the registry {url} answered with HTTP {answer.status}: {answer.text.strip()[:200]}",
            server_text=answer.text,
        )
    found = lines(answer.text)
    page = "html" in answer.media or answer.text.lstrip()[:1] == "<"
    if page or not found:
        raise BadReply(
            f"the registry {url} answered with {'a page' if page else 'nothing'}, "
            "not with a list of services",
            advice="Is a proxy or a login page in the way?" if page else "",
            server_text=answer.text[:1000],
        )
    return found


def lines(text: str) -> dict[str, str]:
    r"""Return what the lines ``identifier = URL`` say; ``#`` begins a comment.

    Example:
        >>> lines("# services\nivo://example.org/skaha = https://example.org/skaha/capabilities")
        {'ivo://example.org/skaha': 'https://example.org/skaha/capabilities'}
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        identifier, equals, url = line.strip().partition("=")
        if equals and identifier.strip() and not identifier.startswith("#") and url.strip():
            found[identifier.strip()] = url.strip()
    return found
