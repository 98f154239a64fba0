"""Overview and AsyncOverview: whether a platform is up."""

from __future__ import annotations

from canfar._core import plans
from canfar.client import AsyncClient, SyncClient

__all__ = ["AsyncOverview", "Overview"]


class Overview(SyncClient):
    """The state of a platform.

    It takes the same arguments as :class:`~canfar.sessions.Session`.

    Example:
        >>> from canfar.overview import Overview
        >>> with Overview() as overview:
        ...     overview.availability()
        True
    """

    def availability(self) -> bool:
        """Ask whether the service says it is available; no login is needed.

        Returns:
            The service's own word, which since Skaha 1.1.5 checks nothing behind it (protocol
            notes 5.8).

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.overview import Overview
            >>> Overview().availability()
            True
        """
        return self._drive(plans.availability())


class AsyncOverview(AsyncClient):
    """For asyncio: the state of a platform.

    It takes the same arguments as :class:`~canfar.sessions.AsyncSession`.

    Example:
        >>> from canfar.overview import AsyncOverview
        >>> async with AsyncOverview() as overview:
        ...     await overview.availability()
        True
    """

    async def availability(self) -> bool:
        """Ask whether the service says it is available; no login is needed.

        Returns:
            The service's own word, which since Skaha 1.1.5 checks nothing behind it (protocol
            notes 5.8).

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.overview import AsyncOverview
            >>> await AsyncOverview().availability()
            True
        """
        return await self._drive(plans.availability())
