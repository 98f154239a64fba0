"""Show the configuration to people and programs, with secrets as stars."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from canfar.config.draft import plain
from canfar.config.editing import load, opened
from canfar.config.keyring_entries import PREFIX, reveal
from canfar.errors import InvalidInput

__all__ = ["document", "parse_value", "setting"]

SECRETS: Final = frozenset({"secret", "access", "refresh"})
STARS: Final = "***"
TEXTS: Final = frozenset(
    {"registry.username", "registry.secret", "active.authentication", "active.server"}
)
"""Settings whose value is a word even where YAML would read a number."""


def document() -> dict[str, Any]:
    """Return what the configuration file holds, with secrets as stars.

    Raises:
        ConfigurationFileError: It cannot be read, or makes no sense.
    """
    load()
    found: dict[str, Any] = _starred(plain(opened().root), ())
    return found


def setting(name: str, *, reveal_secrets: bool = False) -> Any:
    """Return one setting.

    Args:
        name: Its name, "registry.username" for instance.
        reveal_secrets: Return a secret as it is, not as stars.

    Raises:
        InvalidInput: It is not set.
        ConfigurationFileError: The file cannot be read, or makes no sense.
    """
    load()
    keys = name.split(".")
    node: Any = plain(opened().root)
    for key in keys:
        if not isinstance(node, Mapping) or key not in node:
            raise InvalidInput(f"{name!r} is not set")
        node = node[key]
    if reveal_secrets:
        return reveal(node) if isinstance(node, str) else node
    return _starred(node, tuple(keys))


def parse_value(name: str, text: str) -> Any:
    """Return what a value on the command line means: YAML, but for words that only look so.

    Args:
        name: The setting's name.
        text: The value.

    Raises:
        InvalidInput: It is no YAML.
    """
    if name in TEXTS:
        return None if text in {"null", "~"} else text
    from ruamel.yaml import YAML  # noqa: PLC0415 - only for values of other settings
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - the same

    try:
        return plain(YAML(typ="safe", pure=True).load(text))
    except YAMLError:
        raise InvalidInput(f"the value of {name} is no YAML") from None


def _starred(node: Any, way: tuple[str, ...]) -> Any:
    if isinstance(node, Mapping):
        return {key: _starred(below, (*way, str(key))) for key, below in node.items()}
    # expiry.access is a number that tells when, and no secret.
    if way and way[-1] in SECRETS and isinstance(node, str) and node:
        return node if node.startswith(PREFIX) else STARS
    return node
