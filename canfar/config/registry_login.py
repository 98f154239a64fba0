"""The login for private images: half of it may be in the environment and half in the file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from canfar.errors import ConfigurationError
from canfar.models.registry import ContainerRegistry

if TYPE_CHECKING:
    from canfar.config.saved import Saved

__all__ = ["registry_login"]


def registry_login(saved: Saved) -> ContainerRegistry | None:
    """Return the login for private images, or None.

    ``CANFAR_REGISTRY_USERNAME``, ``..._SECRET`` and ``..._URL`` each win over the file; canfar 1.5
    spelt them with two underscores after REGISTRY, which works too. They are never written to it.

    Args:
        saved: The configuration file.

    Raises:
        ConfigurationError: Only the user name or only the secret is there.
    """
    username = _variable("USERNAME") or saved.registry.username
    secret = _variable("SECRET") or saved.registry.secret
    if not username and not secret:
        return None
    if not username or not secret:
        missing, there = ("username", "secret") if secret else ("secret", "username")
        raise ConfigurationError(
            f"the login for private images has a {there} and no {missing}",
            advice=f"Set CANFAR_REGISTRY_{missing.upper()}, or "
            f"`canfar config set registry.{missing} ...`.",
        )
    return ContainerRegistry(
        username=username, secret=secret, url=_variable("URL") or saved.registry.url
    )


def _variable(name: str) -> str | None:
    return os.environ.get(f"CANFAR_REGISTRY_{name}") or os.environ.get(f"CANFAR_REGISTRY__{name}")
