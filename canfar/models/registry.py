"""The login to a container registry that holds private images."""

from __future__ import annotations

from base64 import b64encode

from attrs import field, frozen

from canfar._secrets import stars
from canfar.errors import InvalidSetting


@frozen(kw_only=True)
class ContainerRegistry:
    """The user name and secret for private images, as Harbor shows them under "User profile".

    Args:
        username: The user name in the registry.
        secret: Its command-line secret; a repr shows stars.
        url: The registry, for people who keep several; None for the platform's own.

    Raises:
        InvalidSetting: One of the two is missing, or holds a ``:``, which the server's
            ``user:secret`` form cannot express (protocol notes, 1.4: a fact of Skaha 1.4).

    Example:
        >>> from canfar.models.registry import ContainerRegistry
        >>> ContainerRegistry(username="ada", secret="s3cret")
        ContainerRegistry(username='ada', secret='***', url=None)
    """

    username: str
    secret: str = field(repr=stars)
    url: str | None = None

    def __attrs_post_init__(self) -> None:
        for name, value in (("username", self.username), ("secret", self.secret)):
            if not isinstance(value, str) or not value.strip():
                raise InvalidSetting(f"the registry's {name} is missing")
            if ":" in value:
                raise InvalidSetting(
                    f"the registry's {name} holds a ':', which the platform cannot take"
                )

    def encoded(self) -> str:
        """Return the value of the ``x-skaha-registry-auth`` header.

        Returns:
            ``username:secret`` in base64, which hides nothing: keep it as secret as the secret.

        Example:
            >>> from canfar.models.registry import ContainerRegistry
            >>> ContainerRegistry(username="ada", secret="s3cret").encoded()
            'YWRhOnMzY3JldA=='
        """
        return b64encode(f"{self.username}:{self.secret}".encode()).decode()
