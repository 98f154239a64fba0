"""Secrets in the system's keyring, where the configuration file only says that they are there.

``pip install "canfar[keyring]"`` brings it, and ``CANFAR_KEYRING=1`` turns it on. What is there
stays there when it is written again, whatever the variable says.
"""

from __future__ import annotations

import logging
import os
from importlib import import_module
from typing import Any, Final

from canfar.errors import ConfigurationError

__all__ = ["PREFIX", "conceal", "forget", "is_on", "reveal"]

logger: Final = logging.getLogger("canfar")

PREFIX: Final = "keyring:"
SERVICE: Final = "canfar"


def is_on() -> bool:
    """Whether new secrets are to go into the keyring."""
    return os.environ.get("CANFAR_KEYRING", "").strip().lower() in {"1", "true", "yes", "on"}


def conceal(entry: str, secret: str) -> str:
    """Put a secret into the keyring; return what stands for it in the file.

    Raises:
        ConfigurationError: There is no keyring, or it refused.
    """
    keyring = _keyring()
    try:
        keyring.set_password(SERVICE, entry, secret)
    except keyring.errors.KeyringError as error:
        raise ConfigurationError(f"the keyring did not take a secret: {error}") from None
    return f"{PREFIX}{entry}"


def reveal(value: str) -> str | None:
    """Return the secret that a value in the file is or stands for; None if it can't be had."""
    if not value.startswith(PREFIX):
        return value
    try:
        keyring = _keyring()
    except ConfigurationError as error:
        # Reading the file must go on: most of what is done needs none of its secrets.
        logger.warning("a secret is in the keyring: %s", error)
        return None
    try:
        found: str | None = keyring.get_password(SERVICE, value.removeprefix(PREFIX))
    except keyring.errors.KeyringError as error:
        logger.warning("the keyring does not give the secret %s: %s", value, error)
        return None
    return found


def forget(value: object) -> None:
    """Remove from the keyring what a value in the file stands for."""
    if not isinstance(value, str) or not value.startswith(PREFIX):
        return
    try:
        keyring = _keyring()
    except ConfigurationError:
        return
    try:
        keyring.delete_password(SERVICE, value.removeprefix(PREFIX))
    except keyring.errors.KeyringError as error:
        logger.warning("%s stays in the keyring: %s", value, error)


def _keyring() -> Any:
    try:
        import_module("keyring.errors")
        return import_module("keyring")
    except ModuleNotFoundError:
        raise ConfigurationError(
            "there is no package for keyrings here",
            advice='`pip install "canfar[keyring]"` brings one.',
        ) from None
