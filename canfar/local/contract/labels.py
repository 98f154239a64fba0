"""Kubernetes labels: what may stand in an ID, a name and a user name (sections 1.4 and 3.2)."""

from __future__ import annotations

import re
from typing import Final

from canfar.local.contract.problems import BadRequestError

__all__ = ["check_label", "is_label", "shorten_to_label"]

_LABEL: Final = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)?", re.ASCII)
_LONGEST: Final = 63


def is_label(text: str) -> bool:
    """Whether a text may be the value of a label."""
    return len(text) <= _LONGEST and _LABEL.fullmatch(text) is not None


def check_label(key: str, text: str) -> None:
    """Refuse a text that can't be the value of a label.

    Args:
        key: The label's key, such as ``canfar.net/id``.
        text: The value.

    Raises:
        BadRequestError: It is too long or holds a character that labels don't.
    """
    if len(text) > _LONGEST:
        raise BadRequestError(f"{key} label value exceeds 63 characters")
    if not is_label(text):
        raise BadRequestError(f"{key} label value must match Kubernetes label value syntax")


def shorten_to_label(key: str, text: str) -> str:
    """Cut a text from its end until it is a legal label.

    Args:
        key: The label's key, such as ``canfar.net/name``.
        text: The value.

    Raises:
        BadRequestError: Nothing is left.

    Example:
        >>> shorten_to_label("canfar.net/name", "demo--")
        'demo'
    """
    shortened = text[:_LONGEST]
    while not is_label(shortened):
        shortened = shortened[:-1]
    if not shortened:
        raise BadRequestError(f"{key} label value cannot be blank")
    return shortened
