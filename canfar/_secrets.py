"""Keep secrets out of what somebody may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["hide", "stars"]


def hide(text: str, secrets: Iterable[str]) -> str:
    """Return the text with stars in place of each secret.

    Args:
        text: What may hold them.
        secrets: What nobody may see; empty ones are passed over.

    Example:
        >>> hide("user ada, token s3cret-long", ["s3cret", "s3cret-long"])
        'user ada, token ***'
    """
    # A short one may be a part of a long one, and must not take a bite out of it first.
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def stars(secret: object) -> str:
    """Return what a repr shows for a secret: whether there is one, and nothing else."""
    return repr(None if secret is None else "***")
