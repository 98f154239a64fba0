"""Tell apart what stands in a document: mappings, lists and single values."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any, TypeAlias, cast

__all__ = ["Node", "as_list", "as_mapping", "plain"]

Node: TypeAlias = MutableMapping[str, Any]


def as_mapping(value: object) -> Node | None:
    """Return a mapping as one, and None for anything else."""
    return cast("Node", value) if isinstance(value, MutableMapping) else None


def as_list(value: object) -> list[Any] | None:
    """Return a list as one, and None for anything else."""
    if not isinstance(value, list):
        return None
    items: list[Any] = value  # pyright: ignore[reportUnknownVariableType] - of anything
    return items


def plain(value: Any) -> Any:
    """Return plain values instead of those that remember how they were written."""
    mapping, items = as_mapping(value), as_list(value)
    if mapping is not None:
        return {str(key): plain(below) for key, below in mapping.items()}
    if items is not None:
        return [plain(each) for each in items]
    if isinstance(value, tuple):
        return [plain(each) for each in list[Any](value)]  # pyright: ignore[reportUnknownArgumentType] - of anything
    if value is None or isinstance(value, bool):
        return value
    # Dates become text too: JSON has none.
    return next((kind for kind in (int, float) if isinstance(value, kind)), str)(value)
