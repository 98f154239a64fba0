"""Context and AsyncContext: the resources a platform offers."""

from __future__ import annotations

from typing import Any

from canfar._core import plans
from canfar.client import AsyncClient, SyncClient

__all__ = ["AsyncContext", "Context"]


class Context(SyncClient):
    """The resources that sessions can ask for.

    It takes the same arguments as :class:`~canfar.sessions.Session`.

    Example:
        >>> from canfar.context import Context
        >>> with Context() as context:
        ...     32 in (context.resources())["memoryGB"]["options"]
        True
    """

    def resources(self) -> dict[str, Any]:
        """Read which cores, RAM and GPUs sessions can ask for, and what flexible ones get.

        Returns:
            The server's object: ``cores`` and ``memoryGB`` (really GiB) with ``options``,
            ``defaultRequest`` and ``defaultLimit``, ``gpus`` with ``options``, and
            ``maxInteractiveSessions``, a string or a number depending on the platform (protocol
            notes 2.4, a fact of Skaha 1.4).

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.context import Context
            >>> 2 in (Context().resources())["cores"]["options"]
            True
        """
        return self._drive(plans.resources())


class AsyncContext(AsyncClient):
    """For asyncio: the resources that sessions can ask for.

    It takes the same arguments as :class:`~canfar.sessions.AsyncSession`.

    Example:
        >>> from canfar.context import AsyncContext
        >>> async with AsyncContext() as context:
        ...     32 in (await context.resources())["memoryGB"]["options"]
        True
    """

    async def resources(self) -> dict[str, Any]:
        """Read which cores, RAM and GPUs sessions can ask for, and what flexible ones get.

        Returns:
            The server's object: ``cores`` and ``memoryGB`` (really GiB) with ``options``,
            ``defaultRequest`` and ``defaultLimit``, ``gpus`` with ``options``, and
            ``maxInteractiveSessions``, a string or a number depending on the platform (protocol
            notes 2.4, a fact of Skaha 1.4).

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.context import AsyncContext
            >>> 2 in (await AsyncContext().resources())["cores"]["options"]
            True
        """
        return await self._drive(plans.resources())
