"""Show the configuration to people and programs, with secrets as stars."""

from __future__ import annotations

from typing import Any, Final

from canfar.config.document import value_of
from canfar.config.editing import load, opened
from canfar.config.keyring_entries import PREFIX, reveal
from canfar.config.nodes import as_mapping, plain
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
        mapping = as_mapping(node)
        if mapping is None or key not in mapping:
            raise InvalidInput(f"{name!r} is not set")
        node = mapping[key]
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
    try:
        return plain(value_of(text))
    except ValueError:
        raise InvalidInput(f"the value of {name} is no YAML") from None


def _starred(node: Any, way: tuple[str, ...]) -> Any:
    mapping = as_mapping(node)
    if mapping is not None:
        return {key: _starred(below, (*way, key)) for key, below in mapping.items()}
    # expiry.access is a number that tells when, and no secret.
    if way and way[-1] in SECRETS and isinstance(node, str) and node:
        return node if node.startswith(PREFIX) else STARS
    return node
