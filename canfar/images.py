"""Images and AsyncImages: what a platform offers to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canfar._core import plans
from canfar.client import AsyncClient, SyncClient

if TYPE_CHECKING:
    from canfar.models.image import Image
    from canfar.models.types import Kind

__all__ = ["AsyncImages", "Images"]


class Images(SyncClient):
    """The public images of a platform.

    It takes the same arguments as :class:`~canfar.sessions.Session`.

    Example:
        >>> from canfar.images import Images
        >>> with Images() as images:
        ...     "images.canfar.net/skaha/carta:4.0" in images.fetch("carta")
        True
    """

    def fetch(self, kind: Kind | str | None = None) -> list[str]:
        """List the names of public images.

        Args:
            kind: Keep those labelled for this kind of session; None keeps all.

        Returns:
            Full image names, to give to ``create``.

        Raises:
            InvalidInput: A word that is no kind.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.images import Images
            >>> "images.canfar.net/skaha/astroml:latest" in Images().fetch("notebook")
            True
        """
        return self._drive(plans.image_names(kind))

    def details(self, kind: Kind | str | None = None) -> list[Image]:
        """List public images with the kinds they are labelled for and their digests.

        Args:
            kind: Keep those labelled for this kind of session; None keeps all.

        Returns:
            One :class:`~canfar.models.image.Image` per image.

        Raises:
            InvalidInput: A word that is no kind.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.images import Images
            >>> all("notebook" in image.types for image in Images().details("notebook"))
            True
        """
        return self._drive(plans.images(kind))

    def registries(self) -> list[str]:
        """Name the registries that images may come from.

        Returns:
            Their hosts; the name of an image begins with one (protocol notes 1.4 and 2.6, facts of
            Skaha 1.4).

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.images import Images
            >>> Images().registries()
            ['images.canfar.net']
        """
        return self._drive(plans.registries())


class AsyncImages(AsyncClient):
    """For asyncio: the public images of a platform.

    It takes the same arguments as :class:`~canfar.sessions.AsyncSession`.

    Example:
        >>> from canfar.images import AsyncImages
        >>> async with AsyncImages() as images:
        ...     "images.canfar.net/skaha/carta:4.0" in await images.fetch("carta")
        True
    """

    async def fetch(self, kind: Kind | str | None = None) -> list[str]:
        """List the names of public images.

        Args:
            kind: Keep those labelled for this kind of session; None keeps all.

        Returns:
            Full image names, to give to ``create``.

        Raises:
            InvalidInput: A word that is no kind.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.images import AsyncImages
            >>> "images.canfar.net/skaha/astroml:latest" in await AsyncImages().fetch("notebook")
            True
        """
        return await self._drive(plans.image_names(kind))

    async def details(self, kind: Kind | str | None = None) -> list[Image]:
        """List public images with the kinds they are labelled for and their digests.

        Args:
            kind: Keep those labelled for this kind of session; None keeps all.

        Returns:
            One :class:`~canfar.models.image.Image` per image.

        Raises:
            InvalidInput: A word that is no kind.
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.images import AsyncImages
            >>> all("notebook" in image.types for image in await AsyncImages().details("notebook"))
            True
        """
        return await self._drive(plans.images(kind))

    async def registries(self) -> list[str]:
        """Name the registries that images may come from.

        Returns:
            Their hosts; the name of an image begins with one (protocol notes 1.4 and 2.6, facts of
            Skaha 1.4).

        Raises:
            CanfarError: The server could not be reached or refused.

        Example:
            >>> from canfar.images import AsyncImages
            >>> await AsyncImages().registries()
            ['images.canfar.net']
        """
        return await self._drive(plans.registries())
